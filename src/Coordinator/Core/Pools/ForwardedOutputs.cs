using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The output of workers of a durable pool that was sent to clients. A worker waits until its client has written the output, so that of a
/// lost client is acknowledged by the pool. Not thread-safe.
/// </summary>
public sealed class ForwardedOutputs
{
    private readonly Dictionary<(ExecutorId Executor, bool IsError), (IRecipient Client, IRecipient Build)> _outputs = [];

    /// <summary>Records that output was sent to a client.</summary>
    /// <param name="output">The output.</param>
    /// <param name="client">The client.</param>
    /// <param name="build">The pool of the build whose worker waits for the acknowledgment.</param>
    public void Add(PoolProtocol.WorkerOutput output, IRecipient client, IRecipient build) =>
        _outputs[(output.Executor, output.IsError)] = (client, build);

    /// <summary>Forwards the acknowledgment of a client to the build of the worker.</summary>
    public void Acknowledge(PoolProtocol.WorkerOutputWritten written)
    {
        if (_outputs.Remove((written.Executor, written.IsError), out var output))
            output.Build.Send(written);
    }

    /// <summary>Acknowledges the output that a client has not written.</summary>
    public void DropClient(IRecipient client)
    {
        var unwritten = _outputs.Where(output => output.Value.Client.Equals(client)).Select(static output => output.Key).ToList();
        foreach (var (executor, isError) in unwritten)
            Acknowledge(new PoolProtocol.WorkerOutputWritten(executor, isError));
    }
}
