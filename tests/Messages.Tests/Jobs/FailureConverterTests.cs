using System.Collections.Immutable;
using Actors.Messages.Jobs;

namespace Actors.Messages.Tests.Jobs;

internal class CodeException(int code, Exception? inner = null) : Exception($"Code {code}", inner)
{
    internal int Code { get; } = code;
}

internal sealed class DerivedCodeException(int code, List<int> parts) : CodeException(code)
{
    internal List<int> Parts { get; } = parts;
}

internal sealed class QueryException(int query, bool isTransient) : System.Data.Common.DbException
{
    internal int Query { get; } = query;

    public override bool IsTransient => isTransient;

    public override string Message => $"Query {Query}";
}

internal sealed class ValueException<T>(T value) : Exception("with a value")
{
    internal T Value { get; } = value;
}

internal sealed class StreamException(Stream stream, int code) : Exception("with a stream")
{
    internal Stream Stream { get; } = stream;

    internal int Code { get; } = code;
}

internal sealed class DefaultOnlyException : Exception
{
    public override string Message => "always the same";
}

internal sealed class BoobyTrappedException : Exception
{
    internal static bool IsArmed { get; set; }

    public BoobyTrappedException(string message) : base(message)
    {
        if (IsArmed)
        {
            throw new InvalidOperationException("trap");
        }
    }
}

internal sealed class DecoratedException(string message) : Exception("Decorated: " + message);

internal sealed class RudeException : Exception
{
    public override string Message => throw new NotSupportedException();

    public override string StackTrace => throw new NotSupportedException();
}

internal sealed class CustomException : InvalidOperationException
{
    public CustomException(string message, Exception? inner) : base(message, inner)
    {
    }
}

public class FailureConverterTests
{
    private const string Origin = "process 1 on host";

    [Fact]
    public void CustomException_WithInnerAndData_ComesBackAsItself()
    {
        var thrown = Thrown(new CustomException("outer", new ArgumentException("inner", "parameter")) { Data = { ["k"] = 5 } });
        var back = Assert.IsType<CustomException>(Back(thrown));
        Assert.Equal("outer", back.Message);
        Assert.Equal(thrown.InnerException!.Message, Assert.IsType<ArgumentException>(back.InnerException).Message);
        Assert.Equal((5, Origin), ((int)back.Data["k"]!, back.Data["Actors.Origin"]));
        Assert.Contains(nameof(Thrown), back.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void FrameworkExceptions_ComeBackAsThemselves()
    {
        Same(new ArgumentNullException("name"));
        Same(new ArgumentOutOfRangeException("name", 5, "too big"));
        Same(new FileNotFoundException("gone", "file.txt"));
        Same(new ObjectDisposedException("thing"));
        Same(new KeyNotFoundException());
        Same(new OperationCanceledException());
        Same(new DivideByZeroException());
        Same(new AggregateException(new InvalidOperationException("one")));
        Same(new NotCarriedException("no"));
    }

    [Fact]
    public void AggregateOfSeveral_StaysOne_WithAllInside()
    {
        var several = new AggregateException(
            new InvalidOperationException("one"), new TimeoutException("two"), new AggregateException(
                new IOException("three"), new IOException("four")));
        var back = Assert.IsType<AggregateException>(Back(several));
        Assert.Equal(several.Message, back.Message);
        Assert.Equal(several.InnerExceptions.Select(inner => inner.GetType()), back.InnerExceptions.Select(inner => inner.GetType()));
        Assert.Equal(2, ((AggregateException)back.InnerExceptions[2]).InnerExceptions.Count);
        Assert.Same(back.InnerException, back.InnerExceptions[0]);
    }

    [Fact]
    public void DecoratedMessage_IsNotDecoratedTwice() => Same(new DecoratedException("x"));

    [Fact]
    public void MessageThatIsOverridden_ComesBack() => Same(new DefaultOnlyException());

    /// <summary>Before, a catch clause for such a class compiled and never matched.</summary>
    [Fact]
    public void Decode_ClassHasItsOwnConstructorOnly_ComesBackAsItself()
    {
        var code = Assert.IsType<CodeException>(Back(Thrown(new CodeException(7, new FormatException("inner")))));
        Assert.Equal(("Code 7", 7), (code.Message, code.Code));
        Assert.IsType<FormatException>(code.InnerException);
        Assert.Contains(nameof(Thrown), code.StackTrace, StringComparison.Ordinal);

        var derived = Assert.IsType<DerivedCodeException>(Back(Thrown(new DerivedCodeException(8, [1, 2]))));
        Assert.Equal(("Code 8", 8, 2), (derived.Message, derived.Code, derived.Parts.Count));

        var database = Assert.IsType<QueryException>(Back(Thrown(new QueryException(3, true))));
        Assert.Equal(("Query 3", 3, true), (database.Message, database.Query, database.IsTransient));
    }

    [Fact]
    public void Decode_ClassIsGeneric_ComesBackAsItself()
    {
        Assert.Equal(5, Assert.IsType<ValueException<int>>(Back(Thrown(new ValueException<int>(5)))).Value);
        Assert.Equal(["a"], Assert.IsType<ValueException<List<string>>>(Back(Thrown(new ValueException<List<string>>(["a"])))).Value);
        var remote = Assert.IsType<RemoteException>(Back(Thrown(new ValueException<Stream>(Stream.Null))));
        Assert.Contains(nameof(ValueException<>), remote.RemoteTypeName, StringComparison.Ordinal);
    }

    /// <summary>The class cannot rely on a field that is not set.</summary>
    [Fact]
    public void Decode_OwnConstructorAndAFieldIsMissing_BecomesRemote()
    {
        var back = Assert.IsType<RemoteException>(Back(Thrown(new StreamException(Stream.Null, 7))));
        Assert.Equal(("with a stream", typeof(StreamException).FullName), (back.Message, back.RemoteTypeName));
        Assert.Equal(7, back.Fields["Code"]);
        Assert.Contains(nameof(Thrown), back.RemoteStackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ConstructorThrows_ComesBackAsItself()
    {
        var thrown = new BoobyTrappedException("b");
        BoobyTrappedException.IsArmed = true;
        Assert.Equal("b", Assert.IsType<BoobyTrappedException>(Back(thrown)).Message);
        BoobyTrappedException.IsArmed = false;
    }

    [Fact]
    public void ExceptionThatThrowsWhenAsked_StillTravels() =>
        Assert.Equal(typeof(RudeException).FullName, FailureConverter.ToFailure(new RudeException()).TypeName);

    [Fact]
    public void Decode_TypeIsNoExceptionOrUnknown_BecomesRemote()
    {
        Remote("System.IO.FileStream", "System.Private.CoreLib");
        Remote("System.Exception, Other", "System.Private.CoreLib");
        Remote("No.Such", "No.Such.Assembly");
        Remote("", "");
        Remote(null!, null!);
        Assert.IsType<RemoteException>(FailureConverter.ToException(new FailureInfo(null!, null!, null!, null, default, null), Origin));
    }

    [Fact]
    public void ChainsAndTexts_AreBounded()
    {
        Exception chain = new InvalidOperationException(new string('x', 1_000_000));
        for (var i = 0; i < 50; i++)
        {
            chain = new InvalidOperationException(new string('y', 100_000), chain);
        }

        var failure = FailureConverter.ToFailure(chain);
        Assert.Equal(64 * 1024, failure.Message.Length);
        var levels = 0;
        for (var inner = failure.Inner; inner is not null; inner = inner.Inner)
        {
            levels++;
        }

        Assert.Equal(10, levels);
        Assert.IsType<InvalidOperationException>(FailureConverter.ToException(failure, Origin));
    }

    private static void Remote(string type, string assembly) =>
        Assert.IsType<RemoteException>(
            FailureConverter.ToException(
                new FailureInfo(type, assembly, "m", null, ImmutableArray<KeyValuePair<string, string>>.Empty, null), Origin));

    private static void Same(Exception exception)
    {
        var back = Back(Thrown(exception));
        Assert.Equal((exception.GetType(), exception.Message), (back.GetType(), back.Message));
    }

    private static Exception Back(Exception exception) => FailureConverter.ToException(FailureConverter.ToFailure(exception), Origin);

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception e) when (ReferenceEquals(e, exception))
        {
            return e;
        }
    }
}
