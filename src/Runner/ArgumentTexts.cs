using System.Reflection;
using System.Runtime.CompilerServices;
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
    /// <param name="method">The method.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="line">The number of the line that is the first text; null for none.</param>
    /// <exception cref="InvalidCallException">A text is not a value of its parameter.</exception>
    public static object?[] ReadArguments(MethodInfo method, IReadOnlyList<string> texts, int? line = null)
    {
        var read = 0;
        return
        [
            .. method.GetParameters().Select(parameter => IsSupplied(parameter) ? SupplyArgument(parameter.ParameterType)
                : read == texts.Count ? GetDefault(parameter)
                : ReadArgument(parameter, texts[read++], read == 1 ? line : null)),
        ];
    }

    /// <summary>Whether the argument of a parameter is not on the command line: the job's token, context or progress.</summary>
    public static bool IsSupplied(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(CancellationToken) || parameter.ParameterType == typeof(JobContext)
        || IsProgress(parameter.ParameterType);

    private static bool IsProgress(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IProgress<>);

    private static object SupplyArgument(Type type) =>
        type == typeof(CancellationToken) ? CancellationToken.None
        : type == typeof(JobContext) ? JobContext.Placeholder
        : Activator.CreateInstance(typeof(Progress<>).MakeGenericType(type.GetGenericArguments()))!;

    /// <summary>
    /// Gets the default of a parameter. Its metadata has no value for a structure, and a number for a nullable enumeration.
    /// </summary>
    private static object? GetDefault(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var nullable = Nullable.GetUnderlyingType(type);
        return parameter.DefaultValue switch
        {
            null when type.IsValueType && nullable is null => RuntimeHelpers.GetUninitializedObject(type),
            { } number when nullable is { IsEnum: true } => Enum.ToObject(nullable, number),
            var value => value,
        };
    }

    /// <summary>Converts a text: a string as it is, another type as JSON, with or without quotation marks.</summary>
    private static object? ReadArgument(ParameterInfo parameter, string text, int? line)
    {
        var type = parameter.ParameterType;
        if (type == typeof(string))
            return text;
        // Dates and enumerations are quoted in JSON, and on a command line they are not.
        if (TryReadJson(type, text, out var value) || TryReadJson(type, JsonSerializer.Serialize(text), out value))
            return value;
        throw new InvalidCallException(
            $"{(line is null ? "" : $"Line {line}: ")}'{text}' is no {MethodText.DescribeType(type)} for the parameter {parameter.Name}. "
            + "Give it as JSON.");
    }

    private static bool TryReadJson(Type type, string json, out object? value)
    {
        try
        {
            value = JsonSerializer.Deserialize(json, type, Format);
            return true;
        }
        catch (Exception)
        {
            // Any exception: constructors of the user's types run here, and may refuse the value.
            value = null;
            return false;
        }
    }
}
