using System.Globalization;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>
/// The <see cref="IProgress{T}"/> that a job gets. Derives from <see cref="Progress{T}"/>, because a parameter may have that type.
/// </summary>
/// <param name="reporter">Sends the values.</param>
/// <param name="number">The number of this object in the call.</param>
public sealed class JobProgress<T>(ProgressReporter<int> reporter, int number) : Progress<T>
{
    /// <summary>Encodes the value now, because the job may change it later.</summary>
    /// <exception cref="PayloadTooLargeException">The value is too large.</exception>
    protected override void OnReport(T value)
    {
        var bytes = ValueSerializer.ToBytes(value);
        if (bytes.Length > ProgressValue.Largest)
        {
            throw new PayloadTooLargeException(string.Create(
                CultureInfo.InvariantCulture,
                $"The reported {TypeNames.GetFullName(typeof(T))} takes {bytes.Length:N0} bytes; a progress value may have "
                + $"{ProgressValue.Largest:N0} bytes (1 MiB). Report less, or return the data as the result."));
        }

        reporter.Report(number, bytes);
    }
}
