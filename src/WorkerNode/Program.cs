using System.CommandLine;
using System.Globalization;
using Actors.Hosting;
using Actors.Messages.Nodes;
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
var busy = ProgramOptions.Checked(
    new Option<int>("--busy-percent") { Description = "How busy the machine's processors may be when an executor beyond MIN is added.", DefaultValueFactory = _ => 90 },
    percent => percent is >= 1 and <= 100 ? null : "--busy-percent must be from 1 to 100.");
var labels = new Option<string[]>("--label") { Description = "Something that this node has, such as gpu or zone=a; may be given again. Pools may require it." };
var resources = ProgramOptions.Checked(
    new Option<string[]>("--resource") { Description = "NAME=AMOUNT of something that executors share, such as gpu=2; may be given again. Pools say how much an executor needs." },
    all => (all ?? []).FirstOrDefault(text => Resource(text) is null) is { } wrong ? $"--resource must be NAME=AMOUNT, with an amount of more than 0, not {wrong}." : null);
var cache = new Option<DirectoryInfo>("--cache")
{
    Description = "Where fetched code is kept.",
    DefaultValueFactory = _ => new DirectoryInfo(BundleStore.DefaultDirectory),
};
var command = new RootCommand("A worker node: joins a coordinator and runs executors for its pools.") { join, processes, idle, busy, labels, resources, cache };
program.AddTo(command);
command.SetAction((parsed, _) => WorkerNodeHost.RunAsync(new WorkerNodeOptions(
    program.Read(parsed), HostPort.TryParseList(parsed.GetValue(join)!)!, ExecutorRange.TryParse(parsed.GetValue(processes)!)!.Value,
    new NodeTraits([.. (parsed.GetValue(labels) ?? []).Distinct()], [.. (parsed.GetValue(resources) ?? []).Select(text => Resource(text)!).DistinctBy(resource => resource.Name)]),
    TimeSpan.FromSeconds(parsed.GetValue(idle)), parsed.GetValue(busy) / 100.0, parsed.GetValue(cache)!.FullName)));
return await ProgramOptions.RunAsync(command, args);

static ResourceAmount? Resource(string text) =>
    text.Split('=', 2) is [{ Length: > 0 } name, var amount] && decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
        ? new ResourceAmount(name, number)
        : null;
