using System.Reflection.Emit;
using Actors.Messages.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Tests.Functions;

public class IlTokensTests
{
    [Fact]
    public void Tokens_AmongOperandsOfEverySize_AreFound()
    {
        byte[] code =
        [
            0x02, 0x7b, 1, 0, 0, 4, // ldarg.0, ldfld
            0x45, 2, 0, 0, 0, 0x7b, 9, 9, 9, 0x7b, 9, 9, 9, // switch of two
            0x21, 0x7b, 9, 9, 9, 9, 9, 9, 9, // ldc.i8
            0xfe, 0x06, 2, 0, 0, 6, // ldftn
            0xfe, 0x0c, 0x7b, 0, // ldloc
            0x2a,
        ];
        Assert.Equal([0x04000001, 0x06000002], IlTokens.ReadTokens(code)!);
    }

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xfe })]
    [InlineData(new byte[] { 0xfe, 0xff })]
    [InlineData(new byte[] { 0x7b, 1, 0 })]
    [InlineData(new byte[] { 0x45, 1 })]
    [InlineData(new byte[] { 0x45, 0xff, 0xff, 0xff, 0xff, 0 })]
    public void Tokens_UnknownCode_GivesNothing(byte[] code) => Assert.Null(IlTokens.ReadTokens(code));

    [Fact]
    public void Tokens_RandomCode_NeverThrows()
    {
        var random = new Random(7);
        var code = new byte[40];
        for (var i = 0; i < 20000; i++)
        {
            random.NextBytes(code);
            IlTokens.ReadTokens(code);
        }
    }

    [Fact]
    public void CaptureAnalysis_MethodWithoutCode_UsesAllVariables()
    {
        Assert.Same(CapturedFields.All, CaptureAnalysis.GetCapturedFields(typeof(Action).GetMethod("Invoke")!));
        Assert.Same(CapturedFields.All, CaptureAnalysis.GetCapturedFields(new DynamicMethod("made", typeof(int), [])));
    }

    [Fact]
    public void CapturedFields_All_LeavesCachedDelegatesOut()
    {
        var factor = 3;
        var other = 4;
        var functions = new List<Func<int, int>>();
        for (var i = 0; i < 2; i++)
        {
            functions.Add(x => x * factor);
            functions.Add(x => x * other);
        }

        var closure = functions[0].Target!;
        Assert.Null(TypeCheck.FindRefusal(closure.GetType(), CapturedFields.All));
        Assert.Null(TypeCheck.FindRefusal(closure.GetType()));
        var buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer);
        TargetWriter.ForType(closure.GetType(), CapturedFields.All).WriteTarget(ref writer, closure);
        writer.FlushBuffer();
        var bytes = buffer.DetachBytes();
        Assert.Equal(2 + (2 * sizeof(int)), bytes.Length);
        var reader = new ValueReader(bytes.Span);
        var copy = Executor.Functions.TargetReader.ForType(closure.GetType()).ReadTarget(ref reader)!;
        Assert.Equal(20, functions[1].Method.CreateDelegate<Func<int, int>>(copy)(5));
    }
}
