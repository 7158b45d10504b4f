using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Values;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class PendingCallTests
{
    private readonly PendingCall<int> _call = new();

    [Fact]
    public async Task Complete_ResultWasDecodedEarly_DoesNotDecodeItAgain()
    {
        _call.DecodeEarly(ValueSerializer.ToBytes(7));
        Assert.False(_call.HasEnded);
        Assert.Null(_call.Complete(Succeeded(default)));

        Assert.Equal(7, await _call.Task);
    }

    [Fact]
    public async Task Complete_EarlyDecodingFailed_FailsTheJob()
    {
        _call.DecodeEarly(new byte[] { 7 });
        Assert.IsType<InvalidDataException>(_call.Complete(Succeeded(new byte[] { 7 })));

        await Assert.ThrowsAsync<InvalidDataException>(() => _call.Task);
    }

    [Fact]
    public async Task Complete_JobFailedAfterEarlyDecoding_FailsTheJob()
    {
        _call.DecodeEarly(ValueSerializer.ToBytes(7));
        _call.Complete(new JobOutcome(new JobId(1), JobStatus.Canceled, default, null, 1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _call.Task);
    }

    [Fact]
    public async Task Complete_ResultIsInItsReceiver_GivesIt()
    {
        var call = new PendingCall<int[]>();
        var bytes = ValueSerializer.ToBytes(new[] { 1, 2 });
        var receiver = call.CreateReceiver(bytes.Length)!;
        receiver.AppendBytes(bytes.Span);

        call.DecodeEarly(receiver);
        Assert.Null(call.Complete(Succeeded(default)));

        Assert.Equal(new[] { 1, 2 }, await call.Task);
    }

    [Fact]
    public async Task Complete_ReceiverHasOtherBytes_FailsTheJob()
    {
        var call = new PendingCall<int[]>();
        var receiver = call.CreateReceiver(9)!;
        receiver.AppendBytes(new byte[9]);

        call.DecodeEarly(receiver);
        Assert.IsType<InvalidDataException>(call.Complete(Succeeded(default)));

        await Assert.ThrowsAsync<InvalidDataException>(() => call.Task);
    }

    private static JobOutcome Succeeded(ReadOnlyMemory<byte> result) => new(new JobId(1), JobStatus.Succeeded, result, null, 1);
}
