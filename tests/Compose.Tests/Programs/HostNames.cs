namespace Actors.Compose.Tests.Programs;

/// <summary>Lines of /etc/hosts, until they are disposed of. Written in place: in a container the file is a mount, which cannot be replaced.</summary>
internal sealed class HostNames : IDisposable
{
    private const string Hosts = "/etc/hosts";
    private readonly string _mark = $" # {Guid.NewGuid():N}";

    public HostNames(params IEnumerable<string> names) => File.AppendAllLines(Hosts, names.Select(name => $"127.0.0.1 {name}{_mark}"));

    /// <inheritdoc/>
    public void Dispose() => File.WriteAllLines(Hosts, File.ReadAllLines(Hosts).Where(line => !line.EndsWith(_mark, StringComparison.Ordinal)));
}
