using System.Security.Cryptography;
using System.Text;
using Actors.Messages;
using Actors.Messages.Storage;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Reserves a durable pool in a store without a coordinator for this program: a second program would take over the journal, and the first
/// one could write nothing more. It is a locked file, which the system unlocks when this program ends in any way. A program with another
/// temporary directory, as in a container, does not see it, and still takes over the pool.
/// </summary>
public sealed class PoolReservation : IDisposable
{
    /// <summary>The errors of a locked file: of Linux, macOS and Windows.</summary>
    private static readonly int[] LockErrors = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream? _file;

    private PoolReservation(FileStream? file) => _file = file;

    /// <summary>Reserves a pool. If the file cannot be used, nothing is reserved: the journal still has one writer.</summary>
    /// <param name="store">The text of the store.</param>
    /// <param name="pool">The pool.</param>
    /// <returns>The reservation; null if another program has one.</returns>
    public static PoolReservation? TryCreate(string store, PoolId pool)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{store}\n{pool}"));
        try
        {
            var directory = PrivateDirectory.Create(Path.Combine(Path.GetTempPath(), $"actors-pools-{Environment.UserName}"));
            return new PoolReservation(new FileStream(
                Path.Combine(directory, Convert.ToHexString(hash.AsSpan(0, 16))), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose));
        }
        catch (IOException exception) when (LockErrors.Contains(exception.HResult))
        {
            return null;
        }
        catch (Exception exception) when (exception is StorageException or IOException or UnauthorizedAccessException)
        {
            return new PoolReservation(null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
