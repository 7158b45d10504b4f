namespace Actors.Hosting;

/// <summary>
/// Options of a pool that the host opens and closes. They are read from the configuration section <c>Actors:Pools:NAME</c>, which also
/// has the keys of <see cref="PoolOptions"/>, and from the connection string <c>NAME</c>; code can change them afterwards.
/// </summary>
public sealed class HostedPoolOptions
{
    /// <summary>
    /// Gets or sets the number of workers, on this machine at most 4096. Default: 0, one for each processor of this machine, or every slot
    /// of the cluster.
    /// </summary>
    public int Processes { get; set; }

    /// <summary>
    /// Gets or sets the coordinators, such as <c>coordinator1:4051,coordinator2:4051;Tls=DIRECTORY;KeyFile=FILE</c>. Default: the
    /// connection string with the name of the pool; without one, null, a pool on this machine.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets the options of the pool. Change a copy: <c>o.Pool = o.Pool with { MaxAttempts = 5 }</c>.</summary>
    public PoolOptions Pool { get; set; } = new();

    /// <summary>The configuration keys that could not be read, with the reasons.</summary>
    internal List<string> Errors { get; } = [];
}
