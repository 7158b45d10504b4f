using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Actors.Architecture.Tests.Reference;

/// <summary>The pages below docs/reference agree with the code. Run scripts/make-reference to rewrite them.</summary>
public class ReferenceTests
{
    public static TheoryData<string> Properties => [.. OptionsPage.Types.SelectMany(OptionsPage.PropertiesOf).Select(NameOf)];

    [Fact]
    public void Options_IsUpToDate() => OptionsPage.Make().AssertUpToDate();

    [Fact]
    public void Api_IsUpToDate() => ApiPage.Make().AssertUpToDate();

    [Fact]
    public async Task CommandLine_IsUpToDate() => (await CommandLinePage.MakeAsync()).AssertUpToDate();

    [Fact]
    public void Configuration_IsUpToDate() => ConfigurationPage.Make().AssertUpToDate();

    [Fact]
    public async Task Metrics_IsUpToDate() => (await MetricsPage.MakeAsync()).AssertUpToDate();

    [Fact]
    public void LogEvents_IsUpToDate() => LogEventsPage.Make().AssertUpToDate();

    /// <summary>Operators filter by the id.</summary>
    [Fact]
    public void LogEvents_HaveDifferentIdsInEachProgram() => Assert.All(
        LogEventsPage.Methods.GroupBy(method => method.DeclaringType!.Namespace!.StartsWith("Actors.Hosting", StringComparison.Ordinal)),
        events => Assert.DoesNotContain(
            events.CountBy(method => method.GetCustomAttribute<LoggerMessageAttribute>()!.EventId), count => count.Value > 1));

    /// <summary>The documented default ("null, no limit") begins with the actual one. Numbers and times have a documented range.</summary>
    [Theory]
    [MemberData(nameof(Properties))]
    public void Option_Documentation_HasDefaultAndRange(string name)
    {
        var property = OptionsPage.Types.SelectMany(OptionsPage.PropertiesOf).Single(property => NameOf(property) == name);
        var (_, range, byDefault) = OptionsPage.Describe(property, XmlDocs.For(property.DeclaringType!.Assembly));

        Assert.Equal(OptionsPage.WrittenDefault(property), byDefault.Split(", ")[0]);
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type is { IsValueType: true, IsEnum: false } && type != typeof(bool))
            Assert.NotEmpty(range);
    }

    private static string NameOf(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";
}
