using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class PendingCallTests
{
    private static readonly ReadOnlyMemory<byte> Result = new byte[] { 7 };

    private int _decoded;

    [Fact]
    public async Task Complete_ResultWasDecodedEarly_DoesNotDecodeItAgain()
    {
        var call = new PendingCall<int>(Decode, null);

        call.DecodeEarly(Result);
        Assert.False(call.HasEnded);
        Assert.Null(call.Complete(Succeeded()));

        Assert.Equal(7, await call.Task);
        Assert.Equal(1, _decoded);
    }

    [Fact]
    public async Task Complete_EarlyDecodingFailed_FailsTheJob()
    {
        var call = new PendingCall<int>(_ => throw new InvalidDataException("not a number"), null);

        call.DecodeEarly(Result);
        Assert.IsType<InvalidDataException>(call.Complete(Succeeded()));

        await Assert.ThrowsAsync<InvalidDataException>(() => call.Task);
    }

    [Fact]
    public async Task Complete_JobFailedAfterEarlyDecoding_FailsTheJob()
    {
        var call = new PendingCall<int>(Decode, null);

        call.DecodeEarly(Result);
        call.Complete(new JobOutcome(new JobId(1), JobStatus.Canceled, default, null, 1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Task);
    }

    private static JobOutcome Succeeded() => new(new JobId(1), JobStatus.Succeeded, Result, null, 1);

    private int Decode(ReadOnlyMemory<byte> bytes)
    {
        _decoded++;
        return bytes.Span[0];
    }
}
