using Actors.Messages.Pools;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Frameworks;

namespace Actors.WorkerNode.Executors;

/// <summary>The process of an executor from the begin of its start: the process, its connection, and its end. Thread-safe.</summary>
public sealed class StartingProcess
{
    private readonly ExecutorListener _listener;
    private readonly byte[] _token;
    private readonly TaskCompletionSource<AcceptedExecutor> _connected = new();
    private readonly TaskCompletionSource _exited = new();

    private StartingProcess(ExecutorListener listener, CodePaths code, string socketPath, PoolSpec spec)
    {
        _listener = listener;
        _token = listener.CreateToken(_connected.SetResult);
        // On another thread, because a start takes milliseconds and several executors start at once.
        Process = Task.Run(() => StartProcess(code, socketPath, spec));
    }

    /// <summary>The process; fails if it cannot be started.</summary>
    public Task<ChildProcess> Process { get; }

    /// <summary>The connection. Never completes if the process does not connect.</summary>
    public Task<AcceptedExecutor> Connected => _connected.Task;

    /// <summary>Completes when the process has ended.</summary>
    public Task Exited => _exited.Task;

    /// <summary>Begins to start a process.</summary>
    /// <param name="listener">Accepts its connection.</param>
    /// <param name="code">The code of the user.</param>
    /// <param name="socketPath">The socket that the process connects to.</param>
    /// <param name="spec">The settings of the pool.</param>
    public static StartingProcess Begin(ExecutorListener listener, CodePaths code, string socketPath, PoolSpec spec) =>
        new(listener, code, socketPath, spec);

    private ChildProcess StartProcess(CodePaths code, string socketPath, PoolSpec spec)
    {
        var process = ChildProcess.StartProcess(code, socketPath, _token, spec, _exited.SetResult);
        _listener.SetProcess(_token, process.Id);
        return process;
    }

    /// <summary>Lets the process no longer connect.</summary>
    public void RevokeToken() => _listener.RevokeToken(_token);

    /// <summary>Ends a process that no executor needs.</summary>
    public async Task EndAsync()
    {
        RevokeToken();
        try
        {
            using var process = await Process.ConfigureAwait(false);
            process.Kill();
            await Exited.ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is System.ComponentModel.Win32Exception or IOException or InvalidDataException or MissingFrameworkException)
        {
            // It was not started.
        }

        if (Connected.IsCompleted)
            (await Connected.ConfigureAwait(false)).Socket.Dispose();
    }
}
