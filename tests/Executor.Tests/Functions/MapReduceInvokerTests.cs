using Actors.Executor.Functions;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;

namespace Actors.Executor.Tests.Functions;

public class MapReduceInvokerTests
{
    private static readonly int[] Numbers = [1, 2, 3];

    [Fact]
    public void Invoke_FunctionsOfEveryKind_CombineFromLeftToRight()
    {
        var separator = "-";
        Func<int, string> text = x => $"{x}";
        Func<string, string, string> join = (left, right) => left + separator + right;

        Assert.Equal("1-2-3", Reduce<int, string>(text, join, Numbers));
        Assert.Equal(14, Reduce<int, int>(Functions.Square, (int left, int right) => left + right, Numbers));
        Assert.Equal(14, Reduce<int, int>(Functions.SquareAsync, (int left, int right) => left + right, Numbers));
        Assert.Equal(14, Reduce<int, int>(Functions.SquareLater, (int left, int right) => left + right, Numbers));
        Assert.Equal(11, Reduce<int, int>(Math(new Counter(10)), (int left, int right) => left / (right - right), [1]));
    }

    [Fact]
    public void Invoke_BothFunctionsCapture_EachGetsItsOwnTarget()
    {
        var (offset, factor) = (10, 2);
        Func<int, int> map = x => x + offset;
        Func<int, int, int> reduce = (left, right) => left + (right * factor);

        Assert.Equal(11 + (12 * 2), Reduce<int, int>(map, reduce, [1, 2]));
        (offset, factor) = (0, 3);
        Assert.Equal(1 + (2 * 3), Reduce<int, int>(map, reduce, [1, 2]));
    }

    [Fact]
    public void Invoke_MapThrows_EndsAtThatItemAndNamesIt()
    {
        var invoker = Invoker<int>(Functions.PositiveAsync, (int left, int right) => left + right, [5, -1, 7], out var arguments);

        Assert.Throws<ArgumentOutOfRangeException>(() => invoker.Invoke(arguments, default, new System.Buffers.ArrayBufferWriter<byte>()));

        Assert.Equal((CallStage.Running, 2), (invoker.Stage, invoker.RunningItem));
    }

    [Fact]
    public void Invoke_ReduceThrows_NamesTheCombinedItem()
    {
        var invoker = Invoker<int>(Functions.Square, (int left, int right) => right == 9 ? throw new FormatException() : left, Numbers,
            out var arguments);

        Assert.Throws<FormatException>(() => invoker.Invoke(arguments, default, new System.Buffers.ArrayBufferWriter<byte>()));

        Assert.Equal(3, invoker.RunningItem);
    }

    [Fact]
    public void Invoke_JobIsCanceled_Ends()
    {
        using var job = new CancellationTokenSource();
        job.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => Caller.Invoke(
                CallEncoder.PrepareMapReduce(Functions.Square, (int left, int right) => left, Caller.Items(Numbers)), job.Token));
    }

    [Fact]
    public void Invoke_NoItems_IsMalformed() =>
        Assert.Throws<InvalidDataException>(() => Reduce<int, int>(Functions.Square, (int left, int right) => left, []));

    [Fact]
    public void CreateInvoker_ReduceOfAnotherType_IsRefused()
    {
        var other = CallEncoder.PrepareMapReduce(Functions.Square, (string left, string right) => left, Caller.Items(Numbers));

        Assert.Contains("does not combine", Assert.Throws<FunctionNotFoundException>(() => FunctionInvoker.CreateInvoker(other.Function))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Definition_OfTwoFunctions_KeepsBoth()
    {
        var call = CallEncoder.PrepareMapReduce(Functions.Square, (int left, int right) => left, Caller.Items(Numbers));
        var definition = FunctionDefinition.FromBytes(call.Function.Definition.Span);

        Assert.Equal((CallShape.MapReduce, CallShape.Single), (definition.Shape, definition.Reduce!.Shape));
        Assert.Equal(call.Function.Definition.ToArray(), definition.ToBytes().ToArray());
        var withoutSecond = call.Function.Definition[..^definition.Reduce.ToBytes().Length];
        Assert.ThrowsAny<Exception>(() => FunctionDefinition.FromBytes(withoutSecond.Span));
        Assert.Throws<InvalidDataException>(() => FunctionDefinition.FromBytes((byte[])[.. withoutSecond.Span, .. withoutSecond.Span]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void FailedItem_FailureWithAnItem_KeepsTheLast(int item)
    {
        var failure = FailureInfo.FromMessage("T", "m") with { Data = [KeyValuePair.Create("Actors.Item", "9")] };

        Assert.Equal(item == 0 ? 8 : item - 1, FailedItem.FindIndex(FailedItem.AddTo(failure, item)));
    }

    private static Func<int, int> Math(Counter counter) => counter.Add;

    private static TResult Reduce<T, TResult>(Delegate map, Delegate reduce, T[] items) =>
        Caller.Result<TResult>(CallEncoder.PrepareMapReduce(map, reduce, Caller.Items(items)));

    private static FunctionInvoker Invoker<T>(Delegate map, Delegate reduce, T[] items, out ReadOnlyMemory<byte> arguments)
    {
        var call = CallEncoder.PrepareMapReduce(map, reduce, Caller.Items(items));
        arguments = call.Arguments;
        return FunctionInvoker.CreateInvoker(call.Function);
    }
}
