namespace Actors.Compose.Tests.Programs;

/// <summary>Adds lines to /etc/hosts and removes them on disposal. Writes the file in place, because a container mounts it.</summary>
internal sealed class HostNames : IDisposable
{
    private const string Hosts = "/etc/hosts";
    private readonly string _mark = $" # {Guid.NewGuid():N}";

    public HostNames(params IEnumerable<string> names) => File.AppendAllLines(Hosts, names.Select(name => $"127.0.0.1 {name}{_mark}"));

    /// <inheritdoc/>
    public void Dispose() =>
        File.WriteAllLines(Hosts, File.ReadAllLines(Hosts).Where(line => !line.EndsWith(_mark, StringComparison.Ordinal)));
}
