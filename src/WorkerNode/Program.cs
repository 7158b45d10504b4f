using System.CommandLine;
using Actors.Hosting;
using Actors.Remoting;
using Actors.Remoting.Bundles;
using Actors.WorkerNode;

var program = new ProgramOptions("worker-node.conf", defaultPort: 0);
var join = ProgramOptions.Checked(
    new Option<string>("--join") { Description = "HOST:PORT of the coordinator, or of several with commas between; it may be started later.", Required = true },
    list => HostPort.TryParseList(list ?? "") is null ? $"--join must be HOST:PORT, such as 127.0.0.1:{Endpoints.DefaultPort}, or several with commas between." : null);
var processes = ProgramOptions.Checked(
    new Option<int>("--processes") { Description = "How many executors to offer.", DefaultValueFactory = _ => Environment.ProcessorCount },
    processes => processes is < 1 or > 4096 ? "--processes must be from 1 to 4096." : null);
var cache = new Option<DirectoryInfo>("--cache")
{
    Description = "Where fetched code is kept.",
    DefaultValueFactory = _ => new DirectoryInfo(BundleStore.DefaultDirectory),
};
var command = new RootCommand("A worker node: joins a coordinator and runs executors for its pools.") { join, processes, cache };
program.AddTo(command);
command.SetAction((parsed, _) => WorkerNodeHost.RunAsync(new WorkerNodeOptions(
    program.Read(parsed), HostPort.TryParseList(parsed.GetValue(join)!)!, parsed.GetValue(processes), parsed.GetValue(cache)!.FullName)));
return await ProgramOptions.RunAsync(command, args);
