using Actors.Executor.Functions;
using Actors.Messages.Executors;

namespace Actors.Executor.Jobs;

/// <summary>
/// The functions that the node has defined. Each is resolved once, for its first job. A function that cannot be resolved fails its jobs,
/// not the process.
/// </summary>
internal sealed class FunctionTable
{
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _definitions = [];
    private readonly Dictionary<int, FunctionInvoker> _invokers = [];

    /// <summary>Adds a definition from a frame.</summary>
    public void AddDefinition(Frame frame)
    {
        var reader = frame.CreateReader();
        var number = reader.ReadInt32();
        lock (_definitions)
            _definitions[number] = reader.ReadBytes();
    }

    /// <summary>Gets the invoker of a defined function. Called by the main thread only.</summary>
    public FunctionInvoker GetInvoker(int number)
    {
        if (_invokers.TryGetValue(number, out var known))
            return known;
        ReadOnlyMemory<byte> definition;
        lock (_definitions)
            definition = _definitions[number];
        return _invokers[number] = FunctionInvoker.CreateInvoker(definition);
    }
}
