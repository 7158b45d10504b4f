using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Runner;

/// <summary>Converts the arguments of a command line to the types of parameters.</summary>
internal static class ArgumentTexts
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        IncludeFields = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Converts texts to the arguments of a method. Parameters without a text have their default.</summary>
    /// <exception cref="InvalidCallException">A text is not a value of its parameter.</exception>
    public static object?[] ReadArguments(MethodInfo method, IEnumerable<string> texts)
    {
        using var next = texts.GetEnumerator();
        return
        [
            .. method.GetParameters().Select(parameter => parameter.ParameterType == typeof(CancellationToken) ? CancellationToken.None
                : next.MoveNext() ? ReadArgument(parameter, next.Current)
                : parameter.DefaultValue),
        ];
    }

    /// <summary>Converts a text: a string as it is, another type as JSON, with or without quotation marks.</summary>
    private static object? ReadArgument(ParameterInfo parameter, string text)
    {
        var type = parameter.ParameterType;
        if (type == typeof(string))
            return text;
        // Dates and enumerations are quoted in JSON, and on a command line they are not.
        if (TryReadJson(type, text, out var value) || TryReadJson(type, JsonSerializer.Serialize(text), out value))
            return value;
        throw new InvalidCallException($"'{text}' is no {type.Name} for the parameter {parameter.Name}. Give it as JSON.");
    }

    private static bool TryReadJson(Type type, string json, out object? value)
    {
        try
        {
            value = JsonSerializer.Deserialize(json, type, Format);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            value = null;
            return false;
        }
    }
}
