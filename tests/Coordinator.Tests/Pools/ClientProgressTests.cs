using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Pools;

/// <summary><see cref="ClientProgress"/>: a client does not read its connection while its jobs report progress.</summary>
public sealed class ClientProgressTests
{
    private const int ValueLength = 1 << 20;

    private readonly RecordingRef _client = new();
    private readonly ClientProgress _progress;

    public ClientProgressTests() => _progress = new ClientProgress(new ActorRecipient(_client));

    [Fact]
    public void Send_ClientDoesNotAnswer_SendsTheWindowOnly()
    {
        for (var value = 1; value <= 1000; value++)
            Report(job: value, value);
        Assert.InRange(_client.TakeValues().Count, 1, (int)(ClientProgress.Window / ValueLength) + 1);

        // Later, the client gets the newest values of the jobs that fit into the limit.
        var later = new List<int>();
        for (var last = -1; later.Count != last;)
        {
            last = later.Count;
            _progress.OnReceived(_client.Marker);
            var values = _client.TakeValues();
            Assert.InRange(values.Count, 0, (int)(ClientProgress.Window / ValueLength) + 1);
            later.AddRange(values);
        }

        Assert.InRange(later.Count, 1, (int)(ClientProgress.LargestWaiting / ValueLength));
        Report(job: 1, 7);
        Assert.Equal([7], _client.TakeValues());
    }

    [Fact]
    public void Send_ValueWaits_IsReplacedByTheNewest()
    {
        FillWindow();
        for (var value = 1; value <= 1000; value++)
            Report(job: 1, value);
        Assert.Empty(_client.TakeValues());

        _progress.OnReceived(_client.Marker);
        Assert.Equal([1000], _client.TakeValues());
    }

    [Fact]
    public void SendLast_JobEnds_SendsItsValueBefore()
    {
        FillWindow();
        Report(job: 1, 11);
        Report(job: 2, 12);

        _progress.SendLast([new JobOutcome(new JobId(2), JobStatus.Succeeded, default, null, 1)]);
        Assert.Equal([12], _client.TakeValues());
    }

    [Fact]
    public void ResendMarker_MarkerIsLost_IsSentAgain()
    {
        FillWindow();
        Report(job: 1, 11);
        _client.Marker = null;
        _progress.ResendMarker();
        _progress.OnReceived(_client.Marker);
        Assert.Equal([11], _client.TakeValues());
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    [InlineData("text")]
    [InlineData(null)]
    public void OnReceived_ForgedMarker_ChangesNothing(object? marker)
    {
        FillWindow();
        Report(job: 1, 11);
        _progress.OnReceived(marker);
        Assert.Empty(_client.TakeValues());
    }

    /// <summary>The markers were the number of sent bytes, which a client can compute without reading them.</summary>
    [Fact]
    public void OnReceived_NumberOfSentBytes_ChangesNothing()
    {
        FillWindow();
        Report(job: 1, 11);
        for (var blocks = 1; blocks <= 10; blocks++)
            _progress.OnReceived((long)blocks * (ValueLength + 256));
        Assert.Empty(_client.TakeValues());
        _progress.OnReceived(_client.Marker);
        Assert.Equal([11], _client.TakeValues());
    }

    private void FillWindow()
    {
        for (var value = 1; value <= 10; value++)
            Report(job: 100, value);
        // The value that waits goes with the end of its job.
        _progress.SendLast([new JobOutcome(new JobId(100), JobStatus.Succeeded, default, null, 1)]);
        _client.TakeValues();
    }

    private void Report(long job, int value)
    {
        var bytes = new byte[ValueLength];
        BitConverter.TryWriteBytes(bytes, value);
        _progress.Send(new PoolProtocol.MapProgressReport(new JobId(job), 0, new ProgressValue(0, bytes)));
    }

    /// <summary>The actor of a client in another process, which records its messages.</summary>
    private sealed class RecordingRef : MinimalActorRef
    {
        private readonly List<int> _values = [];

        public override ActorPath Path { get; } = ActorPath.Parse("akka.tcp://client@10.0.0.1:1234/user/pool");

        public override IActorRefProvider Provider => throw new NotSupportedException();

        /// <summary>The last marker.</summary>
        public object? Marker { get; set; }

        public List<int> TakeValues()
        {
            var values = _values.ToList();
            _values.Clear();
            return values;
        }

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (message is Identify identify)
                Marker = identify.MessageId;
            else if (message is PoolProtocol.MapProgressReport report)
                _values.Add(BitConverter.ToInt32(report.Value!.Value.Span));
        }
    }
}
