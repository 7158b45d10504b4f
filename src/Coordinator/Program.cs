using System.CommandLine;
using Actors;
using Actors.Chaos;
using Actors.Coordinator;
using Actors.Coordinator.Http;
using Actors.Coordinator.Operating;
using Actors.Coordinator.Payloads;
using Actors.Programs;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Chaos;

var program = new ProgramOptions("coordinator.conf", Endpoints.DefaultPort);
var seeds = ProgramOptions.AddCheck(
    new Option<string?>("--seeds")
    {
        Description = "The addresses of all coordinators of the cluster, as HOST:PORT,HOST:PORT,..., in the same order on each. Three "
            + "tolerate "
            + "the loss of one. Default: this coordinator alone.",
    },
    list => list is not null && HostPort.TryParseList(list) is null ? "--seeds must be HOST:PORT,HOST:PORT,...." : null);
var nodeKey = ProgramOptions.KeyFile(
    "--node-key-file", "A file with the key of worker nodes. This key does not permit to upload code or submit jobs. Default: the clients' "
        + "key.");
var sqlite = new Option<FileInfo?>("--store")
{
    Description = "The SQLite file that stores durable pools and queues; created if it does not exist. Default: no store.",
};
var postgres = ProgramOptions.ExistingFile(
    "--postgres-file", "A file with the connection string of the PostgreSQL database that stores durable pools and queues. Default: no "
        + "store.");
var payloadSpace = ProgramOptions.AddCheck(
    new Option<int>("--payload-space")
    {
        Description = "The disk space, in GiB, for large arguments and results of all clients. From 1 to 1048576.",
        DefaultValueFactory = _ => PayloadLimits.DefaultGibibytes,
    },
    gibibytes => gibibytes is < 1 or > 1 << 20 ? "--payload-space must be from 1 to 1048576." : null);
var clientPayloadSpace = ProgramOptions.AddCheck(
    new Option<int?>("--client-payload-space")
    {
        Description = "The disk space, in GiB, for large arguments and results of one client. From 1 to 1048576. Default: half of "
            + "--payload-space.",
    },
    gibibytes => gibibytes is < 1 or > 1 << 20 ? "--client-payload-space must be from 1 to 1048576." : null);
var clientUploads = ProgramOptions.AddCheck(
    new Option<int>("--client-uploads")
    {
        Description = "The number of concurrent uploads of large arguments by one client. Each of its pools uploads two at a time. From 2 "
            + "to 100000.",
        DefaultValueFactory = _ => PayloadLimits.DefaultUploads,
    },
    uploads => uploads is < 2 or > 100_000 ? "--client-uploads must be from 2 to 100000." : null);
var codeSpace = ProgramOptions.AddCheck(
    new Option<int>("--code-space")
    {
        Description = "The disk space, in GiB, for the code of all clients. One client adds at most half of it. From 1 to 1048576.",
        DefaultValueFactory = _ => BundleStore.DefaultGibibytes,
    },
    gibibytes => gibibytes is < 1 or > 1 << 20 ? "--code-space must be from 1 to 1048576." : null);
var dataPort = ProgramOptions.AddCheck(
    new Option<int?>("--data-port")
    {
        Description = "The port on which large arguments and results travel. From 0 to 65535; 0 is any free port. Default: the setting "
            + "actors.data.port, which is 0.",
    },
    port => port is < 0 or > 65535 ? "--data-port must be from 0 to 65535." : null);
var http = ProgramOptions.AddCheck(
    new Option<string?>("--http")
    {
        Description = "The address HOST:PORT of the HTTP endpoints /healthz, /readyz and /metrics. Needs --http-token-file. Default: no "
            + "HTTP.",
    },
    at => at is not null && !HostPort.TryParse(at, out _) ? "--http must be HOST:PORT." : null);
var httpToken = ProgramOptions.KeyFile(
    "--http-token-file", "A file with the bearer token that /metrics requires. Default: none; --http needs one.");
var allowChaos = new Option<bool>(ChaosSetup.AllowOption)
{
    Description = "Permits operators to kill, pause and disconnect this program with the command chaos. For tests only. Default: off.",
};
var operatorKey = ProgramOptions.KeyFile(
    "--operator-key-file", "A file with the key of operators, for the command chaos. Needs --allow-chaos. Default: none; on the loopback "
        + "address without any key, the user of this program is the operator.");
var command = new RootCommand("Runs a coordinator, which owns pools and managed objects. Worker nodes join it.")
{
    seeds, nodeKey, sqlite, postgres, payloadSpace, clientPayloadSpace, clientUploads, codeSpace, dataPort, http, httpToken,
    allowChaos, operatorKey,
};
program.AddTo(command);
foreach (var subcommand in new OperatorCommands().CreateCommands())
    command.Subcommands.Add(subcommand);
command.Subcommands.Add(new ChaosCommand().CreateCommand((_, _) => ChaosProgram.RunAsync(args)));
command.Validators.Add(result =>
{
    if (result.GetResult(sqlite) is not null && result.GetResult(postgres) is not null)
        result.AddError("--store and --postgres-file exclude each other. Choose one store for durable pools.");
    if (result.GetResult(nodeKey) is not null && !program.HasKey(result))
        result.AddError("--node-key-file also needs the key of the clients. Add --key-file.");
    if (result.GetResult(operatorKey) is not null && !result.GetValue(allowChaos))
        result.AddError("--operator-key-file has no effect without --allow-chaos. Add --allow-chaos, or remove the key.");
    if (result.GetValue(allowChaos) && result.GetResult(operatorKey) is null && program.HasKey(result))
        result.AddError("--allow-chaos with a key for clients needs a key for operators. Add --operator-key-file.");
    if (result.GetResult(http) is not null && result.GetResult(httpToken) is null)
        result.AddError("--http needs --http-token-file: a file with the bearer token that /metrics requires.");
});
command.SetAction((parsed, _) =>
{
    var settings = program.ReadSettings(parsed);
    return CoordinatorHost.RunCoordinatorAsync(new CoordinatorOptions(
        settings, parsed.GetValue(seeds) is { } list ? HostPort.TryParseList(list)! : [settings.Address],
        parsed.GetValue(nodeKey) is { } file
            ? AccessKey.ReadFile(file.FullName)
            : null, CreateStore(parsed.GetValue(sqlite), parsed.GetValue(postgres)),
        CreatePayloadLimits(parsed.GetValue(payloadSpace), parsed.GetValue(clientPayloadSpace), parsed.GetValue(clientUploads)),
        (long)parsed.GetValue(codeSpace) << 30, parsed.GetValue(dataPort),
        CreateHttpSettings(settings, parsed.GetValue(http), parsed.GetValue(httpToken)),
        parsed.GetValue(operatorKey) is { } ofOperators ? AccessKey.ReadFile(ofOperators.FullName) : null, parsed.GetValue(allowChaos)));
});
return await ProgramOptions.RunCommandAsync(command, args);

static HttpSettings? CreateHttpSettings(ProgramSettings settings, string? at, FileInfo? token) =>
    at is not null && token is not null && HostPort.TryParse(at, out var address)
        ? new HttpSettings(address.Value, AccessKey.ReadFile(token.FullName)!, settings.Tls?.Certificate)
        : null;

static PayloadLimits CreatePayloadLimits(int gibibytes, int? clientGibibytes, int clientUploads)
{
    var limits = PayloadLimits.FromSpace((long)gibibytes << 30) with { ClientUploads = clientUploads };
    return clientGibibytes is { } ofClient ? limits with { ClientSpace = (long)ofClient << 30 } : limits;
}

static DurableStore? CreateStore(FileInfo? sqlite, FileInfo? postgres) =>
    postgres is not null ? new PostgresStore(File.ReadAllText(postgres.FullName).Trim())
    : sqlite is not null ? new SqliteStore(sqlite.FullName)
    : null;
