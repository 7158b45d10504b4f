using System.Net;
using System.Net.Sockets;
using Actors.Messages.Jobs;

namespace Actors.Messages.Tests.Jobs;

internal sealed record Order(string Name, int Count);

internal enum Severity : byte
{
    Low,
    High,
}

internal class NamedException(string message) : Exception(message)
{
    private int _hidden;

    public int Code { get; set; }

    public int Hidden => _hidden;

    public void Hide(int value) => _hidden = value;
}

internal sealed class DerivedException(string message, Exception? inner) : NamedException(message)
{
    private readonly string _where = "made";

    public DerivedException(string message, string where, Order order) : this(message, null as Exception)
    {
        _where = where;
        Order = order;
    }

    public string Where => _where;

    public Order? Order { get; }

    public required Severity Severity { get; init; }

    public object? Anything { get; init; }

    public Exception? Given => inner;

    public Stream? Stream { get; init; }

    [field: NonSerialized]
    public string? Left { get; init; }
}

internal sealed class PricedException(decimal price) : Exception($"Costs {price}")
{
    public decimal Price { get; } = price;

    /// <summary>Cannot travel, and there is no usual constructor.</summary>
    public Stream Receipt { get; } = Stream.Null;
}

internal sealed class ComposedException : Exception
{
    public int Code { get; init; }

    public override string Message => $"code {Code}";
}

internal sealed class SeveralException(string message, params Exception[] inner) : AggregateException(message, inner)
{
    public SeveralException(string message, Exception inner) : this(message, [inner])
    {
    }

    public int Code { get; init; }
}

internal sealed class ImportException(int row) : Exception($"row {row}")
{
    public int Row { get; } = row;

    public byte[] Line { get; init; } = [];

    public string Text { get; init; } = "";
}

public class FailureFieldTests
{
    private const int TooLarge = FailureLimits.LargestValue + 1;

    [Fact]
    public void UserFields_OfEveryKind_ComeBack()
    {
        var thrown = new DerivedException("m", "there", new Order("o", 2))
        {
            Code = 7,
            Severity = Severity.High,
            Anything = new[] { 1, 2 }
        };
        thrown.Hide(9);

        var back = Assert.IsType<DerivedException>(Back(thrown));

        Assert.Equal((7, 9, "there", new Order("o", 2)), (back.Code, back.Hidden, back.Where, back.Order));
        Assert.Equal((Severity.High, "m"), (back.Severity, back.Message));
        Assert.Equal([1, 2], Assert.IsType<int[]>(back.Anything));
        Assert.False(back.Data.Contains(FailureLimits.MissingKey));
    }

    [Fact]
    public void FieldThatCannotTravel_IsNamed_AndTheOthersComeBack()
    {
        var back = Assert.IsType<DerivedException>(
            Back(new DerivedException("m", null) { Severity = Severity.High, Stream = new MemoryStream(), Left = "l" }));

        Assert.Equal((Severity.High, null, null), (back.Severity, back.Stream, back.Left));
        Assert.Contains(
            "DerivedException.Stream: a System.IO.MemoryStream", (string)back.Data[FailureLimits.MissingKey]!, StringComparison.Ordinal);
    }

    [Fact]
    public void MessageThatIsComposedOfFields_ComesBack() =>
        Assert.Equal(("code 3", 3), OfComposed((ComposedException)Back(new ComposedException { Code = 3 })));

    [Fact]
    public void FrameworkFields_ComeBack()
    {
        Assert.Equal(
            HttpStatusCode.NotFound, ((HttpRequestException)Back(new HttpRequestException("m", null, HttpStatusCode.NotFound))).StatusCode);
        Assert.Equal("f.txt", ((FileNotFoundException)Back(new FileNotFoundException("m", "f.txt"))).FileName);
        var argument = (ArgumentOutOfRangeException)Back(new ArgumentOutOfRangeException("p", 5, "m"));
        Assert.Equal(
            ("p", 5, new ArgumentOutOfRangeException("p", 5, "m").Message), (
                argument.ParamName, (int)argument.ActualValue!, argument.Message));
        Assert.Equal("p", ((ArgumentNullException)Back(new ArgumentNullException("p"))).ParamName);
        Assert.Equal(
            SocketError.ConnectionRefused, (
                (SocketException)Back(new SocketException((int)SocketError.ConnectionRefused))).SocketErrorCode);
        Assert.Equal("o", ((ObjectDisposedException)Back(new ObjectDisposedException("o", "m"))).ObjectName);
        Assert.Equal("t", ((TypeInitializationException)Back(new TypeInitializationException("t", null))).TypeName);
        var own = Back(new IOException("m", 42) { HelpLink = "h", Source = "s" });
        Assert.Equal((42, "h", "s", "m"), (own.HResult, own.HelpLink, own.Source, own.Message));
    }

    [Fact]
    public void Aggregate_OfTheUsers_KeepsItsFieldsAndThoseInside()
    {
        var back = Assert.IsType<SeveralException>(
            Back(new SeveralException("m", new NamedException("a") { Code = 1 }, new NamedException("b") { Code = 2 }) { Code = 3 }));

        Assert.Equal([3, 1, 2], back.InnerExceptions.Cast<NamedException>().Select(inner => inner.Code).Prepend(back.Code));
    }

    [Fact]
    public void Data_KeepsItsTypes()
    {
        var thrown = new NamedException("m")
        {
            Data =
            {
                ["int"] = 5, ["date"] = DateTime.UnixEpoch, ["order"] = new Order("o", 1), ["list"] = new List<string> { "a" },
                ["enum"] = Severity.High,
                ["null"] = null, [8] = "eight", [Severity.High] = 1.5m, ["text"] = "t",
            },
        };

        var data = Back(thrown).Data;

        Assert.Equal(
            [5, DateTime.UnixEpoch, new Order("o", 1), Severity.High, null, "t"],
            new[] { "int", "date", "order", "enum", "null", "text" }.Select(key => data[key]));
        Assert.Equal(["a"], Assert.IsType<List<string>>(data["list"]));
        Assert.Equal(("eight", 1.5m, true), (data[8], data[Severity.High], data.Contains("null")));
    }

    [Fact]
    public void DataThatCannotTravel_ArrivesAsText_AndIsNamed()
    {
        var data = Back(new NamedException("m") { Data = { ["stream"] = new MemoryStream() } }).Data;

        Assert.Equal("System.IO.MemoryStream", data["stream"]);
        Assert.Contains("Data[stream]: a System.IO.MemoryStream", (string)data[FailureLimits.MissingKey]!, StringComparison.Ordinal);
    }

    [Fact]
    public void TypeThatCannotBeMade_ShowsItsFieldsByName()
    {
        var back = Assert.IsType<RemoteException>(Back(new PricedException(2.5m) { Data = { ["n"] = 1 } }));

        Assert.Equal((2.5m, 1), ((decimal)back.Fields["Price"]!, (int)back.Data["n"]!));
        Assert.Empty(Assert.IsType<RemoteException>(Back(new FailsToo<Stream>())).Fields);
    }

    [Fact]
    public void LargeField_ComesBack()
    {
        var back = Assert.IsType<ImportException>(
            Back(new ImportException(1) { Line = new byte[70_000], Text = new string('ä', 60_000) }));

        Assert.Equal((70_000, new string('ä', 60_000)), (back.Line.Length, back.Text));
        Assert.False(back.Data.Contains(FailureLimits.MissingKey));
    }

    [Fact]
    public void FieldAboveTheLimit_IsNamedWithTheLimit_AndTheOthersComeBack()
    {
        var back = Assert.IsType<ImportException>(Back(new ImportException(1) { Line = new byte[TooLarge], Text = "t" }));

        Assert.Equal((1, "row 1", "t", null), (back.Row, back.Message, back.Text, back.Line));
        Assert.Equal(
            "ImportException.Line: too large; a value may have 262,144 encoded bytes, an exception 2,097,152",
            back.Data[FailureLimits.MissingKey]);
    }

    [Fact]
    public void LongTextOfAField_IsCutWithAMarker()
    {
        var back = Assert.IsType<ImportException>(Back(new ImportException(1) { Text = new string('x', 100_000) }));

        Assert.StartsWith("xxxx", back.Text, StringComparison.Ordinal);
        Assert.EndsWith(" more characters were cut]", back.Text, StringComparison.Ordinal);
        Assert.Equal(FailureLimits.MaxText, back.Text.Length);
    }

    /// <summary>Each value fits, but not all of them together.</summary>
    [Fact]
    public void ManyLargeFields_AreCut_AndTheClassStays()
    {
        var thrown = new AggregateException(Enumerable.Range(0, 20).Select(
            row => new ImportException(row) { Line = new byte[200_000], Text = new string('x', 60_000) }));

        var back = Assert.IsType<AggregateException>(Back(thrown)).InnerExceptions.Cast<ImportException>().ToList();

        Assert.Equal(Enumerable.Range(0, 20), back.Select(inner => inner.Row));
        Assert.All(back, inner => Assert.StartsWith("xxxx", inner.Text, StringComparison.Ordinal));
        Assert.All(back, inner => Assert.Contains(
            "ImportException.Line: too large", (string)inner.Data[FailureLimits.MissingKey]!, StringComparison.Ordinal));
    }

    [Fact]
    public void DataAboveTheLimit_ArrivesAsText_AndIsNamedWithTheLimit()
    {
        var data = Back(new NamedException("m") { Data = { ["bytes"] = new byte[TooLarge], [8] = new byte[TooLarge] } }).Data;

        Assert.Equal(("System.Byte[]", false), (data["bytes"], data.Contains(8)));
        var missing = (string)data[FailureLimits.MissingKey]!;
        Assert.Contains("Data[bytes], which is text here: too large", missing, StringComparison.Ordinal);
        Assert.Contains("Data, the entry [8, System.Byte[]]: too large", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void DataThatCannotTravel_KeepsAClassWithItsOwnConstructor() =>
        Assert.IsType<ImportException>(Back(new ImportException(1) { Data = { ["stream"] = new MemoryStream() } }));

    [Fact]
    public void FieldWithAnotherShape_IsNamed_AndShownAsText()
    {
        var failure = FailureConverter.ToFailure(new DerivedException("m", "w", new Order("o", 2)) { Severity = Severity.High });
        var other = failure with
        {
            Values = [.. failure.Values.Select(value => value.Type.IsEmpty ? value : value with { Type = Flipped(value.Type) })],
        };

        var back = Assert.IsType<DerivedException>(FailureConverter.ToException(other, "here"));

        Assert.Null(back.Order);
        Assert.Contains("DerivedException.Order", (string)back.Data[FailureLimits.MissingKey]!, StringComparison.Ordinal);
    }

    [Fact]
    public void RemoteException_ThrownOn_KeepsWhatItKnows()
    {
        var back = Assert.IsType<RemoteException>(Back(Back(new PricedException(1))));

        Assert.Equal((typeof(PricedException).FullName, "Costs 1"), (back.RemoteTypeName, back.Message));
    }

    private static (string, int) OfComposed(ComposedException exception) => (exception.Message, exception.Code);

    private static ReadOnlyMemory<byte> Flipped(ReadOnlyMemory<byte> bytes)
    {
        var copy = bytes.ToArray();
        copy[0] ^= 1;
        return copy;
    }

    private static Exception Back(Exception exception) => FailureConverter.ToException(FailureConverter.ToFailure(exception), "here");

    private sealed class FailsToo<T> : Exception;
}
