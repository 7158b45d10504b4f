using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests.Reference;

/// <summary>
/// Every public options type with its properties. The range and the default are sentences of the property's summary, which begin with
/// "At least" or "From" and with "Default:".
/// </summary>
internal static partial class OptionsPage
{
    /// <summary>The public types of the client and of the packages that it uses.</summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. new[] { typeof(ProcessPool), typeof(SqliteStore), typeof(NotCarriedException), typeof(DurableStore) }
            .Select(type => type.Assembly).Distinct().SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.Namespace == "Actors" && type.Name.EndsWith("Options", StringComparison.Ordinal))
            .OrderBy(type => type.Name)];

    public static ReferencePage Make()
    {
        var page = new ReferencePage("options", "Options", "the XML documentation of the options types");
        page.AddParagraph("""
            All options types are immutable records in the namespace `Actors`. Pass them to the call that creates a pool, a process or a
            queue, or that submits a job. Invalid values throw `ArgumentException` or `ArgumentOutOfRangeException` at that call. Memory
            is in bytes. The guides [Pools](../guides/pools.md), [Processes](../guides/processes.md) and
            [Durable queues](../guides/durable-queues.md) show them in use.
            """);
        foreach (var type in Types)
        {
            var docs = XmlDocs.For(type.Assembly);
            page.AddHeading(type.Name);
            page.AddParagraph(docs.SummaryOf(type));
            page.AddTable(
                ["property", "type", "default", "range", "meaning"],
                [.. PropertiesOf(type).Select(property => RowOf(property, docs))]);
            var members = type.GetProperties(BindingFlags.Public | BindingFlags.Static)
                .Select(member => (member.Name, Summary: docs.SummaryOf(member)))
                .Concat(docs.MethodsOf(type)).ToList();
            page.AddTable(["other member", "meaning"], [.. members.Select(member => new[] { $"`{member.Name}`", member.Summary })]);
        }

        return page;
    }

    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>The parts of a property's summary; the range and default are empty when it has no such sentence.</summary>
    public static (string Meaning, string Range, string Default) Describe(PropertyInfo property, XmlDocs docs)
    {
        var sentences = Sentence().Split(docs.SummaryOf(property)).ToLookup(KindOf);
        return (string.Join(' ', sentences["meaning"]), string.Join(' ', sentences["range"]).TrimEnd('.'),
            string.Join(' ', sentences["default"]).Replace("Default: ", "", StringComparison.Ordinal).TrimEnd('.'));
    }

    /// <summary>The value of a property of new options, as a summary writes it.</summary>
    public static string WrittenDefault(PropertyInfo property)
    {
        var options = Activator.CreateInstance(property.DeclaringType!);
        return property.GetValue(options) switch
        {
            null => "null",
            bool value => value ? "true" : "false",
            int value => value.ToString("N0", CultureInfo.InvariantCulture),
            TimeSpan { TotalDays: 1 } => "1 day",
            TimeSpan value => $"{value.TotalSeconds} s",
            Enum value => $"`{value.GetType().Name}.{value}`",
            ICollection { Count: 0 } => "none",
            IReadOnlyList<string> value => $"`{string.Join("`, `", value)}`",
            var value => throw new NotSupportedException($"{property.Name}: add the text of the default {value}."),
        };
    }

    private static string[] RowOf(PropertyInfo property, XmlDocs docs)
    {
        var (meaning, range, byDefault) = Describe(property, docs);
        return [$"`{property.Name}`", $"`{SignatureText.TypeOf(property)}`", byDefault, range, meaning];
    }

    private static string KindOf(string sentence) =>
        sentence.StartsWith("Default: ", StringComparison.Ordinal) ? "default"
        : sentence.StartsWith("At least ", StringComparison.Ordinal) || sentence.StartsWith("From ", StringComparison.Ordinal) ? "range"
        : "meaning";

    [GeneratedRegex(@"(?<=\.) (?=[A-Z`])")]
    private static partial Regex Sentence();
}
