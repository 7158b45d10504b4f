using System.CommandLine;
using Actors.Hosting;
using Actors.Remoting;
using Actors.Remoting.Bundles;
using Actors.WorkerNode;
using Actors.WorkerNode.Joining;

var program = new ProgramOptions("worker-node.conf", defaultPort: 0);
var join = ProgramOptions.Checked(
    new Option<string>("--join") { Description = "HOST:PORT of the coordinator, or of several with commas between; it may be started later.", Required = true },
    list => HostPort.TryParseList(list ?? "") is null ? $"--join must be HOST:PORT, such as 127.0.0.1:{Endpoints.DefaultPort}, or several with commas between." : null);
var processes = ProgramOptions.Checked(
    new Option<string>("--processes")
    {
        Description = "How many executors to run: N, or MIN..MAX, more while jobs wait and the machine has time for them.",
        DefaultValueFactory = _ => $"{Environment.ProcessorCount}",
    },
    text => ExecutorRange.TryParse(text ?? "") is null ? $"--processes must be from 1 to {ExecutorRange.Most}, or MIN..MAX of such." : null);
var idle = ProgramOptions.Checked(
    new Option<double>("--idle-seconds") { Description = "How long an executor beyond MIN may have nothing to do.", DefaultValueFactory = _ => 30 },
    seconds => seconds is > 0 and < 1e6 ? null : "--idle-seconds must be more than 0.");
var cache = new Option<DirectoryInfo>("--cache")
{
    Description = "Where fetched code is kept.",
    DefaultValueFactory = _ => new DirectoryInfo(BundleStore.DefaultDirectory),
};
var command = new RootCommand("A worker node: joins a coordinator and runs executors for its pools.") { join, processes, idle, cache };
program.AddTo(command);
command.SetAction((parsed, _) => WorkerNodeHost.RunAsync(new WorkerNodeOptions(
    program.Read(parsed), HostPort.TryParseList(parsed.GetValue(join)!)!, ExecutorRange.TryParse(parsed.GetValue(processes)!)!.Value,
    TimeSpan.FromSeconds(parsed.GetValue(idle)), parsed.GetValue(cache)!.FullName)));
return await ProgramOptions.RunAsync(command, args);
