using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors.Client.Tests.Objects;

/// <summary>A hold that is disposed after the loss of its object must not hide the exception of the block.</summary>
public sealed class LostHoldTests
{
    public static TheoryData<ObjectStatus> Losses => [ObjectStatus.NoSuchObject, ObjectStatus.Unreachable, ObjectStatus.Interrupted];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Dispose_ObjectIsLost_DoesNotHideTheExceptionOfTheBlock(ObjectStatus loss)
    {
        Assert.Throws<FormatException>(() => FailInside(new ReceivedItem<int>(CreateProxy(loss), 1, 7, 1)));
        Assert.Throws<FormatException>(() => FailInside(new SemaphoreHold(CreateProxy(loss), 1)));
        Assert.Throws<FormatException>(() => FailInside(CreateHold(loss)));
        await Assert.ThrowsAsync<FormatException>(() => FailInsideAsync(new ReceivedItem<int>(CreateProxy(loss), 1, 7, 1)));
        await Assert.ThrowsAsync<FormatException>(() => FailInsideAsync(new SemaphoreHold(CreateProxy(loss), 1)));
        await Assert.ThrowsAsync<FormatException>(() => FailInsideAsync(CreateHold(loss)));
    }

    [Fact]
    public void Acknowledge_StoreFails_Throws()
    {
        using var item = new ReceivedItem<int>(CreateProxy(ObjectStatus.Interrupted), 1, 7, 1);
        Assert.Throws<DurableStoreException>(item.Acknowledge);
    }

    private static void FailInside(IDisposable hold)
    {
        using (hold)
            throw new FormatException();
    }

    private static async Task FailInsideAsync(IAsyncDisposable hold)
    {
        await using (hold)
            throw new FormatException();
    }

    private static LockHold CreateHold(ObjectStatus loss) => new LockOwnership(CreateProxy(loss), null).AddHold(isFirst: true)!;

    private static ObjectProxy CreateProxy(ObjectStatus status) => new(ObjectId.New(), new AnsweringChannel(status));

    /// <summary>Answers each call with one status.</summary>
    private sealed class AnsweringChannel(ObjectStatus status) : IObjectChannel
    {
        public string Owner => "here";

        public ValueTask<ObjectReply> CallAsync(
            ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
            ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Call(target, operation, timeoutMilliseconds, number, payloads, cancellationToken));

        public ObjectReply Call(
            ObjectId target, ObjectOperation operation, long timeoutMilliseconds, long number,
            ImmutableArray<ReadOnlyMemory<byte>> payloads, CancellationToken cancellationToken) =>
            ObjectReply.WithReason(1, status, "lost");

        public void SendOneWay(ObjectId target, ObjectOperation operation, long number, ImmutableArray<ReadOnlyMemory<byte>> payloads)
        {
        }
    }
}
