using System.Net.Sockets;
using Actors.Client.Tests.Pools;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Messages.Jobs;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Pools;
using Actors.Pools;
using Actors.Remoting.Bundles;
using Actors.Testing;
using Actors.WorkerNode.Executors;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Client.Tests.Delivery;

/// <summary>A frame between a node and its worker process is lost, each kind in its turn: every job ends once nevertheless.</summary>
public sealed class LostFrameTests : PatientTestKit
{
    private static readonly Config Quiet = ConfigurationFactory.ParseString("akka { loglevel = ERROR, log-dead-letters = off }");

    public LostFrameTests()
        : base(Quiet)
    {
    }

    [Theory]
    [InlineData(nameof(FrameKind.Ready), false)]
    [InlineData(nameof(FrameKind.Run), true)]
    [InlineData(nameof(FrameKind.Done), false)]
    [InlineData(nameof(FrameKind.Revoke), true)]
    [InlineData(nameof(FrameKind.Returned), false)]
    [InlineData(nameof(FrameKind.Cancel), true)]
    [InlineData(nameof(FrameKind.Compare), true)]
    public async Task Frame_LostOnce_EndsEveryJob(string kind, bool toProcess)
    {
        using var directory = RunDirectory.CreateDirectory();
        var ownPath = Path.Combine(directory.Path, "own.sock");
        using var listener = new ExecutorListener(ownPath);
        using var proxy = new FrameProxy(directory.SocketPath, ownPath, Enum.Parse<FrameKind>(kind), toProcess);
        var coordinator = Sys.ActorOf(Props.Create(() => new PoolOfOneNode(directory, listener)));
        var options = new PoolOptions { CancellationGrace = TimeSpan.FromSeconds(1) };
        var session = await PoolSession.OpenAsync(
            new FakeRuntime(Sys, coordinator), ProcessPool.CreateSpec(2, BundleId.ThisProcess, options), options, null,
            CancellationToken.None);

        Assert.Equal(1, await Submit(session, 1, TimeSpan.Zero).Task);
        var many = Enumerable.Range(10, 50).Select(i => Submit(session, i, TimeSpan.Zero)).ToList();
        var blocking = Submit(session, 3, TimeSpan.FromSeconds(1));
        var behind = Enumerable.Range(100, 20).Select(i => Submit(session, i, TimeSpan.Zero)).ToList();
        var endless = Submit(session, 4, TimeSpan.FromMinutes(10));
        Assert.Equal(Enumerable.Range(10, 50), await Task.WhenAll(many.Select(job => job.Task)));
        session.CancelJob(endless.Id);
        Assert.Equal(Enumerable.Range(100, 20), await Task.WhenAll(behind.Select(job => job.Task)));
        Assert.Equal(3, await blocking.Task);
        await Assert.ThrowsAsync<JobCanceledException>(() => endless.Task);
        session.Close(cancelPending: false);
        Assert.Equal(0, (await session.Finished).Dropped);
        Assert.True(proxy.HasLost || kind == nameof(FrameKind.Compare), $"No {kind} was sent.");
        await coordinator.GracefulStop(TimeSpan.FromSeconds(30));
    }

    private static JobHandle<int> Submit(PoolSession session, int value, TimeSpan time)
    {
        var job = new JobHandle<int>(new JobControl(session, null));
        var call = CallEncoder.PrepareCall(Wait, (value, time), CancellationToken.None);
        session.SubmitJob(job.Pending, call, new JobPolicy(0, 3), CancellationToken.None);
        return job;
    }

    private static int Wait((int Value, TimeSpan Time) what, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(what.Time);
        cancellationToken.ThrowIfCancellationRequested();
        return what.Value;
    }

    /// <summary>Makes one pool, and keeps its executors.</summary>
    private sealed class PoolOfOneNode : ReceiveActor
    {
        public PoolOfOneNode(RunDirectory directory, ExecutorListener listener)
        {
            var self = Self;
            IActorRef executors = ActorRefs.Nobody;
            Receive<PoolProtocol.OpenPool>(open =>
            {
                var client = Sender;
                Context.ActorOf(Props.Create(() => new PoolActor(open, client, self, ActorRefs.Nobody)));
            });
            Receive<NodesProtocol.RequestExecutors>(wants =>
            {
                var setup = new ExecutorSetup(
                    NodeId.New(), "node", ["home"], self, directory, listener, Sender, wants.Pool, wants.Spec, OwnCode.FindFiles(), null);
                executors = Context.ActorOf(Props.Create(() => new PoolExecutorsActor(setup)));
                executors.Tell(new PoolExecutorsActor.SetExecutorCount(wants.Executors));
            });
            Receive<NodesProtocol.ReleasePool>(_ => executors.Tell(new PoolExecutorsActor.SetExecutorCount(0)));
        }
    }

    /// <summary>Passes the frames of workers on, but for the first of a kind.</summary>
    private sealed class FrameProxy : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly (FrameKind Kind, bool ToProcess) _lost;
        private int _hasLost;

        public FrameProxy(string path, string nodePath, FrameKind kind, bool toProcess)
        {
            _lost = (kind, toProcess);
            _listener.Bind(new UnixDomainSocketEndPoint(path));
            _listener.Listen();
            _ = AcceptAllAsync(nodePath);
        }

        public bool HasLost => Volatile.Read(ref _hasLost) > 0;

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAllAsync(string nodePath)
        {
            while (true)
            {
                Socket process;
                try
                {
                    process = await _listener.AcceptAsync();
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    return;
                }

                var node = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await node.ConnectAsync(new UnixDomainSocketEndPoint(nodePath));
                _ = PassAsync(process, node, toProcess: false);
                _ = PassAsync(node, process, toProcess: true);
            }
        }

        private async Task PassAsync(Socket from, Socket to, bool toProcess)
        {
            var header = new byte[sizeof(int)];
            try
            {
                await using var input = new NetworkStream(from);
                await using var output = new NetworkStream(to);
                while (true)
                {
                    await input.ReadExactlyAsync(header);
                    var body = new byte[BitConverter.ToInt32(header)];
                    await input.ReadExactlyAsync(body);
                    if (((FrameKind)body[0], toProcess) == _lost && Interlocked.CompareExchange(ref _hasLost, 1, 0) == 0)
                        continue;
                    await output.WriteAsync(header.Concat(body).ToArray());
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // One of them has ended: so does the other's connection.
            }
            finally
            {
                from.Dispose();
                to.Dispose();
            }
        }
    }
}
