using System.Diagnostics;
using Common;

namespace Cluster;

/// <summary>An authority and a certificate that all processes of a run share; they go with this.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bench-certificates-");

    public Certificates()
    {
        using var script = Process.Start(Path.Combine(LocalCluster.Root(), "scripts", "make-certificates"), [_directory.FullName, "all"]);
        script.WaitForExit();
        if (script.ExitCode != 0)
            throw new InvalidOperationException("scripts/make-certificates failed.");
    }

    public string Shared => Path.Combine(_directory.FullName, "all");

    public void Dispose() => _directory.Delete(recursive: true);
}
