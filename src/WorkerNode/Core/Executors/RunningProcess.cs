namespace Actors.WorkerNode.Executors;

/// <summary>A started executor process with its two output streams, which are sent to its pool.</summary>
public sealed class RunningProcess : IDisposable
{
    private readonly ChildProcess _process;
    private readonly OutputPump _output;
    private readonly OutputPump _errors;

    /// <param name="process">The process.</param>
    /// <param name="sendOutput">Sends a block of output or of errors, which <see cref="AcknowledgeBlock"/> acknowledges.</param>
    /// <param name="onStreamEnded">Called when one of the streams has ended, and all of it was sent.</param>
    public RunningProcess(ChildProcess process, Action<bool, ReadOnlyMemory<byte>> sendOutput, Action onStreamEnded)
    {
        _process = process;
        _output = new OutputPump(process.Output, text => sendOutput(false, text), onStreamEnded);
        _errors = new OutputPump(process.Error, text => sendOutput(true, text), onStreamEnded);
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>The exit code; null while the process runs.</summary>
    public int? ExitCode => _process.GetExitCode();

    /// <summary>The end of the text on the stream for errors.</summary>
    public string LastErrors => _errors.LastText();

    /// <summary>The memory that the process uses.</summary>
    public long MeasureResidentBytes() => _process.MeasureResidentBytes();

    /// <summary>Called when the pool has acknowledged the last block of a stream.</summary>
    public void AcknowledgeBlock(bool isError) => (isError ? _errors : _output).AcknowledgeBlock();

    /// <inheritdoc cref="ChildProcess.Terminate"/>
    public void Terminate() => _process.Terminate();

    /// <inheritdoc cref="ChildProcess.Kill"/>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
        _process.Dispose();
    }
}
