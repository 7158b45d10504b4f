using Actors.Messages.Jobs;

namespace Actors.Messages.Values;

/// <summary>
/// Writes the number of an <see cref="IProgress{T}"/> in its call. The job gets an object that reports to it. The values of an
/// <see cref="IProgress{T}"/> must be serializable.
/// </summary>
/// <typeparam name="TProgress">The declared type: <see cref="IProgress{T}"/> or <see cref="Progress{T}"/>.</typeparam>
/// <typeparam name="T">The type of the reported values.</typeparam>
public abstract class ProgressFormatter<TProgress, T> : ValueFormatter<TProgress?>
    where TProgress : class, IProgress<T>
{
    public override void Write(ref ValueWriter writer, TProgress? value)
    {
        writer.WriteRaw(value is null ? (byte)0 : (byte)1);
        if (value is not null)
            writer.WriteRaw(AddSink(ref writer, value));
    }

    public override TProgress? Read(ref ValueReader reader)
    {
        if (!reader.ReadPresence())
            return null;
        var number = reader.ReadRaw<int>();
        // Tests decode the arguments of a call outside of its job.
        return (TProgress)(object)(JobContext.Current is { } job ? new JobProgress<T>(job.ProgressReporter, number) : new Progress<T>());
    }

    /// <returns>The number of the object in the call.</returns>
    private static int AddSink(ref ValueWriter writer, TProgress value)
    {
        if (!writer.IsJob)
        {
            throw new NotCarriedException(
                $"{writer.DescribeLocation<TProgress>()} cannot be carried to another process: {TypeNames.GetFullName(typeof(TProgress))} "
                + "reports only from the job of a pool to its caller. Pass it as an argument of the job.");
        }

        var sinks = (writer.KeptAlive ??= []).OfType<ProgressSink>().ToList();
        var known = sinks.FindIndex(sink => ReferenceEquals(sink.Target, value));
        if (known >= 0)
            return known;
        writer.KeptAlive.Add(new ProgressSink<T>(value));
        return sinks.Count;
    }
}

/// <inheritdoc/>
public sealed class ProgressInterfaceFormatter<T> : ProgressFormatter<IProgress<T>, T>;

/// <inheritdoc/>
public sealed class ProgressClassFormatter<T> : ProgressFormatter<Progress<T>, T>;
