using System.Reflection.Emit;
using Actors.Executor.Functions;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;

namespace Actors.Executor.Tests.Functions;

public class RefusalTests
{
    private delegate void TakesOut(out int x);

    [Fact]
    public void Call_FunctionThatCannotRun_IsRefused()
    {
        Refused(() => CallEncoder.PrepareCall(Math.Sqrt, 2.0), "System.Private.CoreLib", "call it in a lambda");
        Refused(() => CallEncoder.PrepareCall(JobName(), default(JobSpec)), "Actors.Messages");
        Refused(() => CallEncoder.PrepareCall(Delegate.Combine((Action)Functions.Run, (Action)Functions.Run)), "several methods");
        Refused(() => CallEncoder.PrepareCall((TakesOut)Functions.Out), "Functions.Out", "ref, in or out");
        Refused(() => CallEncoder.PrepareCall((Func<int>)new Stateful { Value = 1 }.Get), "struct");
        Refused(() => CallEncoder.PrepareCall(Dynamic()), "made at run time");
        Action asyncVoid = async () => await Task.Yield();
        Refused(() => CallEncoder.PrepareCall(asyncVoid), "async void");
    }

    [Fact]
    public void Call_DelegateWithoutItsTarget_IsRefused()
    {
        Refused(() => CallEncoder.PrepareCall((Func<int>)default(string)!.LengthOrZero), "LengthOrZero", "on null",
            "pass the value as an argument");
        var open = typeof(Greeter).GetMethod(nameof(Greeter.Greet))!.CreateDelegate<Func<Greeter, string>>();
        Refused(() => CallEncoder.PrepareCall(open, new Greeter()), "Greeter.Greet", "has no instance", "lambda");
        Assert.Equal(3, Caller.Result<int>(CallEncoder.PrepareCall((Func<int>)"abc".LengthOrZero)));
    }

    [Fact]
    public void Call_GenericVirtualMethod_IsRefused()
    {
        Refused(() => CallEncoder.PrepareCall((Func<int, string>)new Greeter().Name<int>, 1), "Name", "generic virtual method",
            "call it in a lambda");
        Refused(() => CallEncoder.PrepareCall((Func<int, string>)new LoudGreeter().Name<int>, 1), "Name", "generic virtual method");
        Refused(() => CallEncoder.PrepareMap((Func<int, string>)new Greeter().Name<int>, Caller.Items(1)), "generic virtual method");
    }

    [Fact]
    public void Call_ValuesThatCannotBeSerialized_AreRefused()
    {
        using var stream = new MemoryStream();
        Func<long> closure = () => stream.Length;
        Refused(() => CallEncoder.PrepareCall(closure), "closure.stream: System.IO.MemoryStream");
        Refused(() => CallEncoder.PrepareCall((Func<Stream, long>)(s => s.Length), stream), "An argument of", "lambda", "System.IO.Stream");
        Refused(() => CallEncoder.PrepareCall(Functions.Open, 1), "The result of", "Functions.Open", "System.IO.Stream");
    }

    [Fact]
    public void Resolve_OtherBuildOrForeignCode_IsNotFound()
    {
        var call = CallEncoder.PrepareCall(Functions.Square, 5);
        var definition = FunctionDefinition.FromBytes(call.Function.Definition.Span);
        NotFound(definition with { ModuleVersion = Guid.NewGuid() }, "another build");
        NotFound(definition with { Assembly = "System.Private.CoreLib" }, "A job cannot call a function of");
        NotFound(definition with { Assembly = "Actors.Messages" }, "A job cannot call a function of");
        NotFound(definition with { Assembly = "No.Such.Assembly" }, "No.Such.Assembly");
        NotFound(definition with { MethodToken = 0x06ffffff }, "cannot find the function in the assembly");
        NotFound(definition with { Target = new TypeRef("", "No.Such", [], 0) }, "No.Such");
    }

    [Fact]
    public void References_OfTheSameFunction_AreEqual()
    {
        Assert.Same(CallEncoder.PrepareCall(Functions.Square, 5).Function, CallEncoder.PrepareCall(Functions.Square, 6).Function);
        Assert.NotEqual(
            CallEncoder.PrepareCall(Functions.Square, 5).Function, CallEncoder.PrepareMap(Functions.Square, Caller.Items(5)).Function);
        Assert.Equal("Actors.Executor.Tests.Functions.Functions.Square", CallEncoder.PrepareCall(Functions.Square, 5).Function.Name);
    }

    [Fact]
    public void Resolve_MutatedDefinitions_NeverCrash()
    {
        var original = CallEncoder.PrepareCall(Functions.Twice<Dictionary<string, int[]>>, new Dictionary<string, int[]>())
            .Function.Definition.ToArray();
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = original.AsSpan().ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (Record.Exception(() => FunctionInvoker.CreateInvoker(new FunctionRef("x", bytes))) is { } exception)
            {
                Assert.True(exception is InvalidDataException or FunctionNotFoundException, exception.ToString());
            }
        }
    }

    private static Func<JobSpec, string> JobName() => typeof(JobSpec).GetMethod("ToString")!.CreateDelegate<Func<JobSpec, string>>();

    private static Func<int> Dynamic()
    {
        var method = new DynamicMethod("made", typeof(int), []);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<int>>();
    }

    private static void NotFound(FunctionDefinition definition, string part) =>
        Assert.Contains(part, Assert.Throws<FunctionNotFoundException>(() => FunctionInvoker.CreateInvoker(definition)).Message,
            StringComparison.Ordinal);

    private static void Refused(Action call, params string[] parts)
    {
        var message = Assert.Throws<NotCarriedException>(call).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
