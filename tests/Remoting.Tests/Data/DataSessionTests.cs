using System.Net;
using Actors.Messages.Payloads;
using Actors.Remoting.Data;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Tests.Data;

/// <summary>The limits of connections to a data port, and of the time that a peer has for an answer.</summary>
public sealed class DataSessionTests
{
    private static readonly IPAddress Here = IPAddress.Parse("10.0.0.2");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("10.0.0.3");
    private static readonly LinkPeer Peer = new(LinkRole.Client, new HostPort("client", 1), new byte[LinkFrame.InstanceLength]);

    [Theory]
    [InlineData(DataDirection.Put)]
    [InlineData(DataDirection.Get)]
    public async Task AnswerRequestsAsync_PeerThatDoesNotReadTheAnswer_EndsTheConnection(DataDirection direction)
    {
        using var requests = new MemoryStream();
        await DataFrames.WriteRequestAsync(requests, new DataRequest(direction, DataKey.ForPayload(PayloadId.New()), 0), default);
        await using var stream = new UnreadStream(requests.ToArray());
        using var session = CreateSession(stream, TimeSpan.FromMilliseconds(50));

        var answering = session.AnswerRequestsAsync(default);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task TryAdd_AllConnectionsAnswerRequests_IsRefused()
    {
        using var requests = new MemoryStream();
        await DataFrames.WriteRequestAsync(
            requests, new DataRequest(DataDirection.Get, DataKey.ForPayload(PayloadId.New()), 0), default);
        await using var stream = new UnreadStream(requests.ToArray());
        using var busy = CreateSession(stream, Timeout.InfiniteTimeSpan);
        using var late = CreateSession(Stream.Null, Timeout.InfiniteTimeSpan);
        var sessions = new DataSessions(limit: 1, networkLimit: 1);
        Assert.True(sessions.TryAdd(busy));
        var answering = busy.AnswerRequestsAsync(default);
        await stream.WriteBegan.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.False(sessions.TryAdd(late));

        busy.EndSession();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
    }

    [Fact]
    public void TryAdd_AboveTheLimitOfAnAddress_ReplacesOneOfItsConnections()
    {
        using var first = CreateSession(Stream.Null, Timeout.InfiniteTimeSpan);
        using var second = CreateSession(Stream.Null, Timeout.InfiniteTimeSpan);
        using var other = CreateSession(Stream.Null, Timeout.InfiniteTimeSpan, Elsewhere);
        var sessions = new DataSessions(limit: 10, networkLimit: 1);

        Assert.True(sessions.TryAdd(first));
        Assert.True(sessions.TryAdd(other));
        Assert.True(sessions.TryAdd(second));

        Assert.Equal(2, sessions.Count);
    }

    private static DataSession CreateSession(Stream stream, TimeSpan stallTimeout, IPAddress? network = null) =>
        new(stream, Peer, network ?? Here, new DataFiles(), stallTimeout);

    /// <summary>A connection whose peer has sent requests and does not read the answers.</summary>
    private sealed class UnreadStream(byte[] requests) : MemoryStream(requests)
    {
        private readonly TaskCompletionSource _writeBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WriteBegan => _writeBegan.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _writeBegan.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}
