using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>An <see cref="IProgress{T}"/> that was passed to a job: it receives the values that the job reports.</summary>
public abstract class ProgressSink
{
    /// <summary>The object that the caller has passed.</summary>
    public abstract object Target { get; }

    /// <summary>Decodes a value and passes it on.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a value.</exception>
    public abstract void Report(ReadOnlyMemory<byte> value);
}

/// <inheritdoc/>
public sealed class ProgressSink<T>(IProgress<T> progress) : ProgressSink
{
    /// <inheritdoc/>
    public override object Target => progress;

    /// <inheritdoc/>
    public override void Report(ReadOnlyMemory<byte> value) => progress.Report(ValueSerializer.ReadValue<T>(value.Span));
}
