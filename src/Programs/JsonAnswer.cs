using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Programs;

/// <summary>The answer of a command for programs: JSON on one line of standard output.</summary>
public static class JsonAnswer
{
    /// <summary>The format of answers. Tuples are objects with fields, and numbers such as NaN are strings.</summary>
    public static JsonSerializerOptions Format { get; } = new(JsonSerializerDefaults.Web)
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The option of each command that has an answer.</summary>
    public static Option<bool> Option { get; } = new("--json")
    {
        Description = "Writes the answer as JSON, on one line. Default: off, text for people.",
    };

    /// <summary>Writes an answer.</summary>
    public static void WriteTo<T>(TextWriter output, T answer) => output.WriteLine(JsonSerializer.Serialize(answer, Format));
}
