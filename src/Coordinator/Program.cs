using System.CommandLine;
using Actors;
using Actors.Coordinator;
using Actors.Remoting;
using Actors.Remoting.Access;

var host = new Option<string>("--host") { Description = "The address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
var port = new Option<int>("--port") { Description = "The port to listen on.", DefaultValueFactory = _ => Endpoints.DefaultPort };
var seeds = new Option<string?>("--seeds")
{
    Description = "All coordinators of the cluster, as HOST:PORT,HOST:PORT,..., in the same order for each; by default this one is alone. Three are needed to lose one.",
};
var config = new Option<FileInfo?>("--config") { Description = "A HOCON file whose keys win over those of config/coordinator.conf." };
var keyFile = new Option<FileInfo?>("--key-file") { Description = $"A file with the key that clients and nodes must have; by default that which {AccessKey.FileVariable} names, if any." };
var tls = new Option<DirectoryInfo?>("--tls")
{
    Description = $"A directory with tls.crt, tls.key and ca.crt: links are encrypted, and both ends show who they are. By default that which {TlsIdentity.DirectoryVariable} names, if any.",
};
var insecure = new Option<bool>("--insecure") { Description = "Listen off this machine without certificates: the network is trusted." };
var ready = new Option<FileInfo?>("--ready-file") { Description = "A file that is made when the program is in its cluster, and removed when it is not any more." };
var sqlite = new Option<FileInfo?>("--store") { Description = "A SQLite file for durable pools; it is made where it is not there." };
var postgres = new Option<FileInfo?>("--postgres-file") { Description = "A file with the connection string of a PostgreSQL database for durable pools." };
var command = new RootCommand("The coordinator: owns pools and managed objects; worker nodes join it.") { host, port, seeds, config, keyFile, tls, insecure, ready, sqlite, postgres };
host.Validators.Add(given =>
{
    if (!HostPort.TryParse($"{given.GetValueOrDefault<string>()}:1", out _))
        given.AddError("--host must be a host name or an address.");
});
port.Validators.Add(given =>
{
    if (given.GetValueOrDefault<int>() is < 1 or > 65535)
        given.AddError("--port must be from 1 to 65535.");
});
seeds.Validators.Add(given =>
{
    if (HostPort.TryParseList(given.GetValueOrDefault<string?>() ?? "127.0.0.1") is null)
        given.AddError("--seeds must be HOST:PORT,HOST:PORT,....");
});
config.Validators.Add(given =>
{
    if (given.GetValueOrDefault<FileInfo?>() is { Exists: false } missing)
        given.AddError($"There is no file {missing.FullName}.");
});
keyFile.Validators.Add(given =>
{
    try
    {
        AccessKey.OfFile(given.GetValueOrDefault<FileInfo?>()?.FullName);
    }
    catch (InvalidOperationException exception)
    {
        given.AddError(exception.Message);
    }
});
tls.Validators.Add(given =>
{
    try
    {
        TlsIdentity.OfDirectory(given.GetValueOrDefault<DirectoryInfo?>()?.FullName);
    }
    catch (InvalidOperationException exception)
    {
        given.AddError(exception.Message);
    }
});
postgres.Validators.Add(given =>
{
    if (given.GetValueOrDefault<FileInfo?>() is { Exists: false } missing)
        given.AddError($"There is no file {missing.FullName}.");
});
command.Validators.Add(given =>
{
    if (given.GetResult(sqlite) is not null && given.GetResult(postgres) is not null)
        given.AddError("--store and --postgres-file exclude each other: durable pools are written in one place.");
});
command.SetAction((parsed, _) =>
{
    var at = new HostPort(parsed.GetValue(host)!, parsed.GetValue(port));
    return CoordinatorHost.RunAsync(new CoordinatorOptions(
        at, parsed.GetValue(seeds) is { } list ? HostPort.TryParseList(list)! : [at], parsed.GetValue(config),
        AccessKey.OfFile(parsed.GetValue(keyFile)?.FullName),
        TlsIdentity.OfDirectory(parsed.GetValue(tls)?.FullName), parsed.GetValue(insecure), Store(parsed.GetValue(sqlite), parsed.GetValue(postgres)), parsed.GetValue(ready)));
});
var result = command.Parse(args);
// Signals are ours: they drain.
var exitCode = await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return result.Errors.Count > 0 ? 2 : exitCode;

static DurableStore? Store(FileInfo? sqlite, FileInfo? postgres) =>
    postgres is not null ? new PostgresStore(File.ReadAllText(postgres.FullName).Trim())
    : sqlite is not null ? new SqliteStore(sqlite.FullName)
    : null;
