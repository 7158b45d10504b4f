using System.Diagnostics;

namespace Common;

/// <summary>A certificate authority and a certificate for all processes of a run. <see cref="Dispose"/> deletes them.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bench-certificates-");

    public Certificates()
    {
        using var script = Process.Start(Path.Combine(LocalCluster.Root(), "scripts", "make-certificates"), [_directory.FullName, "all"]);
        script.WaitForExit();
        if (script.ExitCode != 0)
            throw new InvalidOperationException("scripts/make-certificates failed. Run it by hand to see its error.");
    }

    public string Shared => Path.Combine(_directory.FullName, "all");

    public void Dispose() => _directory.Delete(recursive: true);
}
