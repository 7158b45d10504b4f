using Actors.Messages.Functions;

namespace Actors.Executor.Tests.Functions;

/// <summary>A closure carries only the variables that its function uses.</summary>
public class ClosureTests
{
    private readonly Counter _counter = new(40);

    [Fact]
    public void Closure_LambdaInALoop_LeavesTheCachedDelegateOut()
    {
        var factor = 3;
        for (var i = 0; i < 3; i++)
            Assert.Equal(i * factor, Caller.Result<int>(CallEncoder.PrepareCall((Func<int, int>)(x => x * factor), i)));
        for (var i = 0; i < 3; i++)
        {
            var map = CallEncoder.PrepareMap((Func<int, int>)(x => x * factor), Caller.Items(1, 2));
            Assert.Equal([factor, 2 * factor], Caller.Chunk<int>(map).Values!);
        }
    }

    [Fact]
    public void Closure_TwoLambdasOfOneScope_CarryTheirOwnVariables()
    {
        using var stream = new MemoryStream([1, 2]);
        var offset = 10;
        Task pending = Task.CompletedTask;
        Func<int, int> usesOffset = x => x + offset;
        Func<long> usesStream = () => stream.Length + offset;
        Func<bool> usesTask = () => pending.IsCompleted;
        Assert.Equal(15, Caller.Result<int>(CallEncoder.PrepareCall(usesOffset, 5)));
        Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
        Assert.Contains("closure.pending", Refusal(usesTask), StringComparison.Ordinal);
    }

    [Fact]
    public void Closure_NestedScopes_CarryTheUsedVariables()
    {
        using var stream = new MemoryStream([1, 2]);
        var outer = 100;
        Func<long> usesStream = () => stream.Length;
        foreach (var middle in new[] { 10, 20 })
        {
            var dropped = new Thread(() => { });
            Func<ThreadState> usesThread = () => dropped.ThreadState + middle;
            for (var i = 0; i < 2; i++)
            {
                var inner = i;
                Func<int, int> all = x => x + outer + middle + inner;
                Func<int> innerOnly = () => inner;
                Func<long> throughTwo = () => stream.Length + inner;
                Assert.Equal(1000 + outer + middle + inner, Caller.Result<int>(CallEncoder.PrepareCall(all, 1000)));
                Assert.Equal(inner, Caller.Result<int>(CallEncoder.PrepareCall(innerOnly)));
                Assert.True(CallEncoder.PrepareCall(innerOnly).Arguments.Length < CallEncoder.PrepareCall(all, 0).Arguments.Length - 4);
                Assert.Contains("outer.stream", Refusal(throughTwo), StringComparison.Ordinal);
            }

            Assert.Contains("closure.dropped", Refusal(usesThread), StringComparison.Ordinal);
        }

        Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
    }

    [Fact]
    public void Closure_AsyncLambda_CarriesTheVariablesOfItsStateMachine()
    {
        using var stream = new MemoryStream([1, 2]);
        var offset = 10;
        var name = "a";
        Func<long> usesStream = () => stream.Length;
        Func<int, Task<string>> async = async x =>
        {
            await Task.Yield();
            Func<int, Task<int>> nested = async y =>
            {
                await Task.Yield();
                return y + offset;
            };
            return name + await nested(x);
        };
        Func<Task<long>> refused = async () =>
        {
            await Task.Yield();
            return stream.Length;
        };
        Assert.Equal("a15", Caller.Result<string>(CallEncoder.PrepareCall(async, 5)));
        Assert.Contains("closure.stream", Refusal(refused), StringComparison.Ordinal);
        Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
    }

    [Fact]
    public void Closure_LocalFunctions_AreFollowed()
    {
        using var stream = new MemoryStream([1, 2]);
        var offset = 10;
        var scale = 2;
        var depth = 3;
        Func<long> usesStream = () => stream.Length;
        Func<int, int> direct = x => Add(x);
        Func<int, int> iterated = x => Repeat(x).Sum();
        Func<int, Task<int>> later = x => AddLater(x);
        Func<int, int> grouped = x => Local(x) + Own(x);
        Func<long> refused = () => Length();
        Assert.Equal(25, Caller.Result<int>(CallEncoder.PrepareCall(direct, 5)));
        Assert.Equal(45, Caller.Result<int>(CallEncoder.PrepareCall(iterated, 5)));
        Assert.Equal(25, Caller.Result<int>(CallEncoder.PrepareCall(later, 5)));
        Assert.Equal(15, Caller.Result<int>(CallEncoder.PrepareCall((Func<int, int>)Local, 5)));
        Assert.Equal(22, Caller.Result<int>(CallEncoder.PrepareCall(grouped, 5)));
        Assert.Contains("closure.stream", Refusal(refused), StringComparison.Ordinal);
        Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);

        int Add(int x) => Local(x) + offset;
        int Local(int x) => x * scale + Inner(x);
        int Inner(int x) => x * 0 + scale + depth;
        long Length() => stream.Length;
        static int Own(int x) => x + 2 - 0;

        IEnumerable<int> Repeat(int x)
        {
            for (var i = 0; i < depth; i++)
                yield return x + offset;
        }

        async Task<int> AddLater(int x)
        {
            await Task.Yield();
            return Add(x);
        }
    }

    [Fact]
    public void Closure_LocalFunctionInALambda_ReachesTheOuterScopes()
    {
        using var stream = new MemoryStream([1, 2]);
        var offset = 10;
        Func<long> usesStream = () => stream.Length;
        Func<int, int> function = x =>
        {
            var twice = 2 * x;
            return Sum(3);
            int Sum(int y) => twice + y + offset;
        };
        Assert.Equal(23, Caller.Result<int>(CallEncoder.PrepareCall(function, 5)));
        Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
    }

    [Fact]
    public void Closure_QueriesAndExpressions_AreFollowed()
    {
        using var stream = new MemoryStream([1, 2]);
        var least = 2;
        var names = new List<int> { 1, 2, 3 };
        Func<long> usesStream = () => stream.Length;
        Func<int> query = () => (from n in names where n >= least select n).Count();
        Func<int> expression = () => names.AsQueryable().Count(n => n > least);
        Assert.Equal(2, Caller.Result<int>(CallEncoder.PrepareCall(query)));
        Assert.Equal(1, Caller.Result<int>(CallEncoder.PrepareCall(expression)));
        Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
    }

    [Fact]
    public void Closure_CapturedThis_IsCarriedIfUsed()
    {
        Assert.Equal(47, new Owner(40).Call(2));
        using var stream = new MemoryStream();
        var offset = 1;
        // The class of this test would be carried too, but the method belongs to a counter.
        Func<int, int> usesThis = x => _counter.Add(x) + offset;
        Func<int, int> usesOffset = x => x + offset;
        Func<long> usesStream = () => stream.Length;
        Assert.Equal(43, Caller.Result<int>(CallEncoder.PrepareCall(usesThis, 2)));
        Assert.Equal(3, Caller.Result<int>(CallEncoder.PrepareCall(usesOffset, 2)));
        Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
    }

    [Fact]
    public void Closure_Mutation_StaysInTheCopy()
    {
        var count = 5;
        var assigned = 0;
        Func<int> increment = () =>
        {
            assigned = ++count;
            count += assigned;
            return count;
        };
        Assert.Equal(12, Caller.Result<int>(CallEncoder.PrepareCall(increment)));
        Assert.Equal(12, Caller.Result<int>(CallEncoder.PrepareCall(increment)));
        Assert.Equal(5, count);
        Assert.Equal(0, assigned);
    }

    [Fact]
    public void Closure_GenericScopes_AreFollowed()
    {
        Assert.Equal("x1", Joined("x", 1));
        Assert.Equal("21", Joined(2, 1));
        Assert.Equal(5, new Generic<int>(5).Call("y"));

        static string Joined<T>(T item, int number)
        {
            using var stream = new MemoryStream();
            Func<long> usesStream = () => stream.Length;
            Func<Task<string>> join = async () =>
            {
                await Task.Yield();
                return Text();
            };
            Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
            return Caller.Result<string>(CallEncoder.PrepareCall(join));
            string Text() => $"{item}{number}";
        }
    }

    [Fact]
    public void Closure_MoreThanEightVariables_UseAWideMask()
    {
        using var stream = new MemoryStream();
        int a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, i = 9, j = 10;
        Func<int> all = () => a + b + c + d + e + f + g + h + i + j;
        Func<int> last = () => j;
        Func<long> usesStream = () => stream.Length;
        Assert.Equal(55, Caller.Result<int>(CallEncoder.PrepareCall(all)));
        Assert.Equal(10, Caller.Result<int>(CallEncoder.PrepareCall(last)));
        Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
    }

    [Fact]
    public void Closure_MoreVariablesThanBits_ShareTheLastBit()
    {
        int v0 = 0, v1 = 1, v2 = 2, v3 = 3, v4 = 4, v5 = 5, v6 = 6, v7 = 7, v8 = 8, v9 = 9, v10 = 10;
        int v11 = 11, v12 = 12, v13 = 13, v14 = 14, v15 = 15, v16 = 16, v17 = 17, v18 = 18, v19 = 19, v20 = 20, v21 = 21;
        int v22 = 22, v23 = 23, v24 = 24, v25 = 25, v26 = 26, v27 = 27, v28 = 28, v29 = 29, v30 = 30, v31 = 31, v32 = 32;
        int v33 = 33, v34 = 34, v35 = 35, v36 = 36, v37 = 37, v38 = 38, v39 = 39, v40 = 40, v41 = 41, v42 = 42, v43 = 43;
        int v44 = 44, v45 = 45, v46 = 46, v47 = 47, v48 = 48, v49 = 49, v50 = 50, v51 = 51, v52 = 52, v53 = 53, v54 = 54;
        int v55 = 55, v56 = 56, v57 = 57, v58 = 58, v59 = 59, v60 = 60, v61 = 61, v62 = 62, v63 = 63, v64 = 64, v65 = 65;
        Func<int> all = () => v0 + v1 + v2 + v3 + v4 + v5 + v6 + v7 + v8 + v9 + v10 + v11 + v12 + v13 + v14 + v15 + v16 + v17 +
            v18 + v19 + v20 + v21 + v22 + v23 + v24 + v25 + v26 + v27 + v28 + v29 + v30 + v31 + v32 + v33 + v34
            + v35 + v36 + v37 + v38 + v39 + v40 + v41 + v42 + v43 + v44 + v45 + v46 + v47 + v48 + v49 + v50 +
            v51 + v52 + v53 + v54 + v55 + v56 + v57 + v58 + v59 + v60 + v61 + v62 + v63 + v64 + v65;
        Func<int> first = () => v0 + v1;
        Func<int> last = () => v65;
        Assert.Equal(65 * 66 / 2, Caller.Result<int>(CallEncoder.PrepareCall(all)));
        Assert.Equal(1, Caller.Result<int>(CallEncoder.PrepareCall(first)));
        Assert.Equal(65, Caller.Result<int>(CallEncoder.PrepareCall(last)));
        Assert.Equal(1 + sizeof(ulong) + (2 * sizeof(int)), CallEncoder.PrepareCall(first).Arguments.Length);
        Assert.Equal(1 + sizeof(ulong) + (3 * sizeof(int)), CallEncoder.PrepareCall(last).Arguments.Length);
    }

    [Fact]
    public void Closure_MalformedMask_IsInvalid()
    {
        var offset = 10;
        Func<int, int> closure = x => x + offset;
        var call = CallEncoder.PrepareCall(closure, 1);
        var bytes = call.Arguments.ToArray();
        Assert.Equal([1, 1], bytes[..2]);
        bytes[1] = 3;
        Assert.Throws<InvalidDataException>(() => Caller.Invoke(call with { Arguments = bytes }));
    }

    private static string Refusal(Delegate function) => Assert.Throws<NotCarriedException>(() => CallEncoder.PrepareCall(function)).Message;

    private sealed class Owner(int start)
    {
        internal int Call(int amount)
        {
            using var stream = new MemoryStream();
            Func<long> usesStream = () => stream.Length;
            var extra = 5;
            Func<int, int> function = x => Add(x) + extra;
            Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
            return Caller.Result<int>(CallEncoder.PrepareCall(function, amount));
        }

        private int Add(int amount) => start + amount;
    }

    private sealed class Generic<T>(T value)
    {
        internal T Call<TOther>(TOther other)
        {
            using var stream = new MemoryStream();
            Func<long> usesStream = () => stream.Length;
            Func<T> function = () => other is null ? default! : value;
            Assert.Contains("closure.stream", Refusal(usesStream), StringComparison.Ordinal);
            return Caller.Result<T>(CallEncoder.PrepareCall(function));
        }
    }
}
