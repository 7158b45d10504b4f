using Actors.Messages.Values;

namespace Actors.Messages.Tests.Values;

public class CarriedTypesTests
{
    /// <summary>The analyzer reads the names, the serializer has the formatters.</summary>
    [Fact]
    public void Names_AreThoseOfTheTypesWithAFormatter()
    {
        var formatted = FormatterTable.Generic.Keys.Concat(FormatterTable.Single.Keys).Concat(FormatterTable.Raw)
            .Where(type => type != typeof(Nothing)).Select(type => type.FullName!)
            .Where(name => !CarriedTypes.IsTuple(name)).Order(StringComparer.Ordinal);

        Assert.Equal(formatted, CarriedTypes.Names.Order(StringComparer.Ordinal));
    }
}
