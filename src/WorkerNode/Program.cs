using System.CommandLine;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.WorkerNode;

var join = new Option<string>("--join") { Description = "HOST:PORT of the coordinator, or of several with commas between; it may be started later.", Required = true };
var processes = new Option<int>("--processes") { Description = "How many executors to offer.", DefaultValueFactory = _ => Environment.ProcessorCount };
var host = new Option<string>("--host") { Description = "The address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
var port = new Option<int>("--port") { Description = "The port to listen on; 0 is any.", DefaultValueFactory = _ => 0 };
var cache = new Option<DirectoryInfo>("--cache")
{
    Description = "Where fetched code is kept.",
    DefaultValueFactory = _ => new DirectoryInfo(BundleStore.DefaultDirectory),
};
var config = new Option<FileInfo?>("--config") { Description = "A HOCON file whose keys win over those of config/worker-node.conf." };
var keyFile = new Option<FileInfo?>("--key-file") { Description = $"A file with the coordinator's key; by default that which {AccessKey.FileVariable} names, if any." };
var tls = new Option<DirectoryInfo?>("--tls")
{
    Description = $"A directory with tls.crt, tls.key and ca.crt: links are encrypted, and both ends show who they are. By default that which {TlsIdentity.DirectoryVariable} names, if any.",
};
var insecure = new Option<bool>("--insecure") { Description = "Listen off this machine without certificates: the network is trusted." };
var ready = new Option<FileInfo?>("--ready-file") { Description = "A file that is made when the program is in its cluster, and removed when it is not any more." };
var command = new RootCommand("A worker node: joins a coordinator and runs executors for its pools.") { join, processes, host, port, cache, config, keyFile, tls, insecure, ready };
join.Validators.Add(given =>
{
    if (HostPort.TryParseList(given.GetValueOrDefault<string>() ?? "") is null)
        given.AddError($"--join must be HOST:PORT, such as 127.0.0.1:{Endpoints.DefaultPort}, or several with commas between.");
});
processes.Validators.Add(given =>
{
    if (given.GetValueOrDefault<int>() is < 1 or > 4096)
        given.AddError("--processes must be from 1 to 4096.");
});
port.Validators.Add(given =>
{
    if (given.GetValueOrDefault<int>() is < 0 or > 65535)
        given.AddError("--port must be from 0 to 65535.");
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
command.SetAction((parsed, _) => WorkerNodeHost.RunAsync(new WorkerNodeOptions(
    HostPort.TryParseList(parsed.GetValue(join)!)!, parsed.GetValue(processes), parsed.GetValue(host)!, parsed.GetValue(port),
    parsed.GetValue(cache)!.FullName, parsed.GetValue(config), AccessKey.OfFile(parsed.GetValue(keyFile)?.FullName),
    TlsIdentity.OfDirectory(parsed.GetValue(tls)?.FullName), parsed.GetValue(insecure), parsed.GetValue(ready))));
var result = command.Parse(args);
// Signals are ours: they drain.
var exitCode = await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return result.Errors.Count > 0 ? 2 : exitCode;
