using System.Security.Cryptography;
using System.Text;
using Actors.Messages.Storage;

namespace Actors.Coordinator.Journals;

/// <summary>
/// Reserves a journal in a store without a coordinator for this program: a second program would take over the journal, and the first one
/// could write nothing more. It is a locked file, which the system unlocks when this program ends in any way. A program with another
/// temporary directory, as in a container, does not see it, and still takes over the journal.
/// </summary>
public sealed class JournalReservation : IDisposable
{
    /// <summary>The errors of a locked file: of Linux, macOS and Windows.</summary>
    private static readonly int[] LockErrors = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream? _file;

    private JournalReservation(FileStream? file) => _file = file;

    /// <summary>Reserves a journal. If the file cannot be used, nothing is reserved: the journal still has one writer.</summary>
    /// <param name="store">The text of the store.</param>
    /// <param name="journal">The name of the journal.</param>
    /// <returns>The reservation; null if another program has one.</returns>
    public static JournalReservation? TryCreate(string store, string journal)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{store}\n{journal}"));
        try
        {
            var directory = PrivateDirectory.Create(Path.Combine(Path.GetTempPath(), $"actors-stores-{Environment.UserName}"));
            return new JournalReservation(new FileStream(
                Path.Combine(directory, Convert.ToHexString(hash.AsSpan(0, 16))), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose));
        }
        catch (IOException exception) when (LockErrors.Contains(exception.HResult))
        {
            return null;
        }
        catch (Exception exception) when (exception is StorageException or IOException or UnauthorizedAccessException)
        {
            return new JournalReservation(null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
