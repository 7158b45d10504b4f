using System.Net.Sockets;
using System.Runtime.InteropServices;
using Actors.Executor.Functions;
using Actors.Executor.Jobs;
using Actors.Executor.Link;
using Actors.Executor.Objects;
using Actors.Executor.Services;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Storage;

namespace Actors.Executor;

/// <summary>
/// Runs an executor: connects to the node that started it, presents the token, runs the initializer, and runs jobs until the node stops it.
/// </summary>
internal static class ExecutorProcess
{
    private const int NotStartedByNode = 64;
    private const int InitializerThrew = 1;

    /// <summary>
    /// Runs the executor on the calling thread, which is the main thread of the process: user code sees the same thread in every job.
    /// </summary>
    /// <returns>The exit code of the process.</returns>
    public static int RunExecutor()
    {
        var path = Environment.GetEnvironmentVariable(ExecutorProtocol.SocketVariable);
        if (path is null)
        {
            Console.Error.WriteLine("Actors.Executor can only be started by a worker node. To run jobs, start a pool.");
            return NotStartedByNode;
        }

        // Call this first: an interrupt may arrive while the process starts or its initializer runs.
        using var interrupts = IgnoreInterrupts();
        MemoryLimit.ReadLimit();
        ExecutorEnvironment.RestoreVariables();
        // The socket is closed only by the end of the process. A thread that still reads would take an earlier close for the death of the
        // node, and kill the process.
        var socket = new ExecutorSocket(ConnectToNode(path, ReadToken()));
        var link = new NodeLink(socket, new FrameStream(socket, isPeerTrusted: true), path);
        var reply = ExecutorHandshakeReply.ReadFrom(link.ReadFirst(FrameKind.HandshakeReply));
        ProcessIdentity.Current = reply.Identity;
        AttachedMemory.BecomeWorker();
        var outer = new OuterObjects(link);
        ObjectChannel.UseForProcess(new SocketObjectChannel(link, reply.Owners), outer);
        using var progress = ExecutorProgress.OpenFile(reply.ProgressPath);
        var site = new JobSite(reply.PoolName, reply.NodeName, TimeProvider.System, (job, value) => SendProgress(link, job, value))
        {
            LogsFrom = reply.LogsFrom,
        };
        var runner = new JobRunner(link, progress, outer, site, reply.PayloadDirectory);
        if (reply.ClientGraceMilliseconds > 0)
            link.BeforeEnd = () => runner.EndWithClient(ProtocolTimes.FromMilliseconds(reply.ClientGraceMilliseconds));
        var exitCode = RunInitializer(reply, site, link) ? RunJobs(runner, link) : InitializerThrew;
        DisposeSite(site);
        ForegroundThreads.LimitWait(exitCode);
        return exitCode;
    }

    private static void SendProgress(NodeLink link, JobId job, ProgressValue value) => link.SendFrame(FrameKind.Progress, writer =>
    {
        writer.WriteInt64(job.Value);
        writer.WriteInt32(value.Number);
        writer.WriteBytes(value.Value.Span);
    });

    private static int RunJobs(JobRunner runner, NodeLink link)
    {
        link.SendSimple(FrameKind.Ready);
        runner.RunUntilStopped();
        link.WaitIfEnding();
        return 0;
    }

    private static byte[] ReadToken()
    {
        var token = new byte[ExecutorProtocol.TokenLength];
        using var input = Console.OpenStandardInput();
        input.ReadExactly(token);
        return token;
    }

    private static Socket ConnectToNode(string path, byte[] token)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (var address = SocketAddress.ForPath(path))
            socket.Connect(address.EndPoint);
        var writer = new FrameWriter();
        writer.BeginFrame(FrameKind.Handshake);
        writer.WriteInt32(ExecutorProtocol.Version);
        writer.WriteInt32(Environment.ProcessId);
        writer.WriteRaw(token);
        writer.EndFrame();
        socket.Send(writer.Written.Span);
        // A dump of this process must not contain the token.
        Array.Clear(token);
        writer.EraseFrames();
        return socket;
    }

    /// <summary>Builds the services, runs the initializer, and creates the state.</summary>
    private static bool RunInitializer(ExecutorHandshakeReply reply, JobSite site, NodeLink link)
    {
        try
        {
            if (reply.Services is { } services)
                site.Services = WorkerServices.BuildServices(services.Definition, services.Arguments);
            if (reply.Initializer is { } initializer)
            {
                FunctionInvoker.CreateInvoker(initializer.Definition)
                    .Invoke(initializer.Arguments, CancellationToken.None, new FrameWriter());
            }

            if (reply.State is { } state)
                site.State = StateInvoker.CreateState(state.Definition, state.Arguments);
            return true;
        }
        catch (Exception exception)
        {
            // The pool must get any failure of these functions. It then fails, and does not start executors forever.
            link.SendFrame(FrameKind.InitializerFailed, writer => writer.WriteFailure(FailureConverter.ToFailure(exception)));
            return false;
        }
    }

    /// <summary>Disposes the state and the services of the worker. The node kills a worker that does not end in time.</summary>
    private static void DisposeSite(JobSite site)
    {
        try
        {
            site.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            // No job waits for it any more.
            Console.Error.WriteLine($"Worker: its state or services could not be disposed. {exception}");
        }
    }

    /// <summary>Ignores Ctrl+C. A terminal sends it to the whole process group, but the node decides about its executors.</summary>
    private static PosixSignalRegistration IgnoreInterrupts() =>
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
}
