using Actors.Executor.Functions;
using Actors.Messages.Functions;

namespace Actors.Executor.Tests.Functions;

public class FunctionInvokerTests
{
    [Fact]
    public void Invoke_StaticMethodsOfEveryReturn_AreCalled()
    {
        Assert.Equal(25, Caller.Result<int>(CallEncoder.PrepareCall(Functions.Square, 5)));
        Assert.Equal(25, Caller.Result<int>(CallEncoder.PrepareCall(Functions.SquareAsync, 5)));
        Assert.Equal(25, Caller.Result<int>(CallEncoder.PrepareCall(Functions.SquareLater, 5)));
        var before = Functions.Runs;
        Assert.True(Caller.Invoke(CallEncoder.PrepareCall(Functions.Run)).IsEmpty);
        Assert.True(Caller.Invoke(CallEncoder.PrepareCall(Functions.RunAsync, 2)).IsEmpty);
        Assert.True(Caller.Invoke(CallEncoder.PrepareCall(Functions.RunLater)).IsEmpty);
        Assert.Equal(4, Functions.Runs - before);
        Assert.Equal("1b2.5", Caller.Result<string>(CallEncoder.PrepareCall(Functions.Three, 1, "b", 2.5)));
    }

    [Fact]
    public void Invoke_LambdasWithAndWithoutCaptures_AreCalled()
    {
        var offset = 10;
        var names = new List<string> { "a" };
        Func<int, int> captureless = x => x + 1;
        Func<int, int> closure = x => x + offset;
        Func<string> noArguments = () => names[0] + offset;
        Func<int, Task<int>> async = async x => await Functions.SquareAsync(x) + offset;
        Action<int> nothing = x => names.Add(x.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(6, Caller.Result<int>(CallEncoder.PrepareCall(captureless, 5)));
        Assert.Equal(15, Caller.Result<int>(CallEncoder.PrepareCall(closure, 5)));
        Assert.Equal("a10", Caller.Result<string>(CallEncoder.PrepareCall(noArguments)));
        Assert.Equal(35, Caller.Result<int>(CallEncoder.PrepareCall(async, 5)));
        Assert.True(Caller.Invoke(CallEncoder.PrepareCall(nothing, 5)).IsEmpty);
        Assert.Single(names);
    }

    [Fact]
    public void Invoke_LocalFunctions_AreCalled()
    {
        var offset = 10;
        static int Static(int x) => x * 2;
        int Capturing(int x) => x + offset;
        Assert.Equal(10, Caller.Result<int>(CallEncoder.PrepareCall((Func<int, int>)Static, 5)));
        Assert.Equal(15, Caller.Result<int>(CallEncoder.PrepareCall((Func<int, int>)Capturing, 5)));
    }

    [Fact]
    public void Invoke_InstanceAndExtensionMethods_CarryTheirTarget()
    {
        Assert.Equal(7, Caller.Result<int>(CallEncoder.PrepareCall(new Counter(3).Add, 4)));
        Func<int, string> shout = new Animal("Rex").Shout;
        Assert.Equal("Rex!Rex!", Caller.Result<string>(CallEncoder.PrepareCall(shout, 2)));
        Func<string> inherited = new Dog("Rex", 2).ToString;
        Assert.Equal(inherited(), Caller.Result<string>(CallEncoder.PrepareCall(inherited)));
    }

    [Fact]
    public void Invoke_GenericMethodsInGenericTypes_AreCalled()
    {
        Assert.Equal(["x", "x"], Caller.Result<List<string>>(CallEncoder.PrepareCall(Functions.Twice<string>, "x")));
        Assert.Equal([1, 2], Caller.Result<int[]>(CallEncoder.PrepareCall(new Box<int>(2).Pair<int>, 1)));
        Assert.Equal("Dictionary`21", Caller.Result<string>(CallEncoder.PrepareCall(Box<Dictionary<string, Dog[,]>>.NameOf, 1)));
        Assert.Equal(5, Generic(5));

        static T Generic<T>(T value)
        {
            Func<T> closure = () => value;
            return Caller.Result<T>(CallEncoder.PrepareCall(closure));
        }
    }

    [Fact]
    public void Invoke_VariantDelegate_KeepsItsOwnSignature()
    {
        Func<Dog, Dog> narrower = Functions.Adopt;
        Assert.Equal(new Dog("Rex", 1), Caller.Result<Dog>(CallEncoder.PrepareCall(narrower, new Dog("Rex", 9))));
        Func<int, IEnumerable<int>> wider = Functions.Twice;
        Assert.Equal([4, 4], Caller.Result<IEnumerable<int>>(CallEncoder.PrepareCall(wider, 4)));
    }

    [Fact]
    public void Invoke_CancellationTokenParameter_GetsTheTokenOfTheJob()
    {
        using var job = new CancellationTokenSource();
        Assert.True(Caller.Result<bool>(CallEncoder.PrepareCall(Functions.IsJobs, CancellationToken.None), job.Token));
    }

    [Fact]
    public void Invoke_FunctionThrows_ThrowsTheSameException()
    {
        var invoker = FunctionInvoker.CreateInvoker(CallEncoder.PrepareCall(Functions.Positive, -1).Function);
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => Caller.Invoke(CallEncoder.PrepareCall(Functions.Positive, -1)));
        Assert.Contains(nameof(Functions.Positive), thrown.StackTrace, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Caller.Invoke(CallEncoder.PrepareCall(Functions.PositiveAsync, -1)));
        Assert.Equal(CallStage.Reading, invoker.Stage);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            invoker.Invoke(CallEncoder.PrepareCall(Functions.Positive, -1).Arguments, default,
                new System.Buffers.ArrayBufferWriter<byte>()));
        Assert.Equal(CallStage.Running, invoker.Stage);
    }

    [Fact]
    public void Invoke_DerivedResult_IsRefusedWhileWriting()
    {
        Func<Animal> derived = () => new Dog("Rex", 1);
        var call = CallEncoder.PrepareCall(derived);
        var invoker = FunctionInvoker.CreateInvoker(call.Function);
        Assert.Throws<NotCarriedException>(() => invoker.Invoke(call.Arguments, default, new System.Buffers.ArrayBufferWriter<byte>()));
        Assert.Equal(CallStage.Writing, invoker.Stage);
    }

    [Fact]
    public void Invoke_MutatedArguments_AreInvalidBeforeTheFunctionRuns()
    {
        var names = new List<string> { "a", "b" };
        Func<int, string> closure = x => names[0] + x;
        var call = CallEncoder.PrepareCall(closure, 1);
        for (var length = 0; length < call.Arguments.Length; length++)
        {
            var cut = call with { Arguments = call.Arguments[..length] };
            Assert.Throws<InvalidDataException>(() => Caller.Invoke(cut));
        }
    }
}
