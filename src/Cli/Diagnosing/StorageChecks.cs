using Actors.Messages.Storage;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Executors;

namespace Actors.Cli.Diagnosing;

/// <summary>The checks of the directories that the library writes to. They write as the library does.</summary>
internal static class StorageChecks
{
    /// <summary>The space that shared memory should have: that of a container by default, which one large array fills.</summary>
    private const long UsefulSharedMemory = 64L << 20;

    private const long ProbeLength = 1 << 20;

    /// <summary>Checks the directory of sockets and progress files.</summary>
    /// <param name="workers">The number of workers.</param>
    public static Finding CheckTemporaryDirectory(int workers) => ReportErrors("temporary directory", FindingLevel.Problem, () =>
    {
        using var endpoint = LocalEndpoint.Open();
        LocalEndpoint.RequireSpace(workers);
        return StorageDirectory.Temporary.Path;
    });

    /// <summary>Checks the directory of shared memory.</summary>
    public static Finding CheckSharedMemory()
    {
        var directory = StorageDirectory.SharedMemory;
        var finding = ReportErrors("shared memory", FindingLevel.Problem, () =>
        {
            OwnedMemory.NewName();
            return directory.Path;
        });
        if (finding.Level == FindingLevel.Passed && new DriveInfo(directory.Path).AvailableFreeSpace is < UsefulSharedMemory and var free)
        {
            return finding with
            {
                Level = FindingLevel.Warning,
                Message = $"Only {free >> 20} MiB are free in {directory.Path}, and large arrays need more. Free some space, or "
                    + $"{directory.Choice}.",
            };
        }

        return finding;
    }

    /// <summary>Checks the directory in which coordinators and worker nodes store code, and large arguments and results.</summary>
    public static Finding CheckCache()
    {
        var directory = StorageDirectory.ForCache(BundleStore.DefaultDirectory);
        return ReportErrors("cache", FindingLevel.Warning, () =>
        {
            try
            {
                PrivateDirectory.Create(directory.Path);
                directory.RequireSpace(ProbeLength);
                return directory.Path;
            }
            catch (Exception exception) when (StorageDirectory.IsStorageError(exception))
            {
                throw directory.CreateException(exception, ProbeLength);
            }
        });
    }

    private static Finding ReportErrors(string check, FindingLevel level, Func<string> examine)
    {
        try
        {
            return new Finding(check, FindingLevel.Passed, examine());
        }
        catch (StorageException exception)
        {
            return new Finding(check, level, exception.Message);
        }
    }
}
