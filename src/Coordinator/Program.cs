using System.CommandLine;
using Actors;
using Actors.Coordinator;
using Actors.Coordinator.Http;
using Actors.Coordinator.Operating;
using Actors.Coordinator.Payloads;
using Actors.Hosting;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;

var program = new ProgramOptions("coordinator.conf", Endpoints.DefaultPort);
var seeds = ProgramOptions.Checked(
    new Option<string?>("--seeds")
    {
        Description = "All coordinators of the cluster, as HOST:PORT,HOST:PORT,..., in the same order for each; by default this one is alone. Three are needed to lose one.",
    },
    list => list is not null && HostPort.TryParseList(list) is null ? "--seeds must be HOST:PORT,HOST:PORT,...." : null);
var nodeKey = ProgramOptions.KeyFile("--node-key-file", "A file with the key that worker nodes must have, if it is another than the clients': with it nobody brings code or submits jobs.");
var sqlite = new Option<FileInfo?>("--store") { Description = "A SQLite file for durable pools; it is made where it is not there." };
var postgres = ProgramOptions.ExistingFile("--postgres-file", "A file with the connection string of a PostgreSQL database for durable pools.");
var payloadSpace = ProgramOptions.Checked(
    new Option<int>("--payload-space")
    {
        Description = "How many GiB large arguments and results may take on this machine's disk, on their way between clients and nodes.",
        DefaultValueFactory = _ => PayloadLimits.DefaultGibibytes,
    },
    gibibytes => gibibytes is < 1 or > 1 << 20 ? "--payload-space must be from 1 to 1048576." : null);
var clientPayloadSpace = ProgramOptions.Checked(
    new Option<int?>("--client-payload-space")
    {
        Description = "How many GiB of --payload-space the large arguments and results of one client take at most. Default: half of it.",
    },
    gibibytes => gibibytes is < 1 or > 1 << 20 ? "--client-payload-space must be from 1 to 1048576." : null);
var clientUploads = ProgramOptions.Checked(
    new Option<int>("--client-uploads")
    {
        Description = "How many large arguments one client uploads at once at most. Each of its pools uploads two at a time.",
        DefaultValueFactory = _ => PayloadLimits.DefaultUploads,
    },
    uploads => uploads is < 2 or > 100_000 ? "--client-uploads must be from 2 to 100000." : null);
var codeSpace = ProgramOptions.Checked(
    new Option<int>("--code-space")
    {
        Description = "How many GiB the programs' code takes on this machine's disk at most. One client adds half of it at most.",
        DefaultValueFactory = _ => BundleStore.DefaultGibibytes,
    },
    gibibytes => gibibytes is < 1 or > 1 << 20 ? "--code-space must be from 1 to 1048576." : null);
var http = ProgramOptions.Checked(
    new Option<string?>("--http") { Description = "HOST:PORT for those who look after it: /healthz, /readyz, and /metrics for whoever has the token. By default nowhere." },
    at => at is not null && !HostPort.TryParse(at, out _) ? "--http must be HOST:PORT." : null);
var httpToken = ProgramOptions.KeyFile("--http-token-file", "A file with the token that whoever reads the metrics must have.");
var command = new RootCommand("The coordinator: owns pools and managed objects; worker nodes join it.")
{
    seeds, nodeKey, sqlite, postgres, payloadSpace, clientPayloadSpace, clientUploads, codeSpace, http, httpToken,
};
program.AddTo(command);
foreach (var ofOperators in new OperatorCommands().All())
    command.Subcommands.Add(ofOperators);
command.Validators.Add(given =>
{
    if (given.GetResult(sqlite) is not null && given.GetResult(postgres) is not null)
        given.AddError("--store and --postgres-file exclude each other: durable pools are written in one place.");
    if (given.GetResult(nodeKey) is not null && !program.HasKey(given))
        given.AddError("--node-key-file needs the clients' key too: --key-file.");
    if (given.GetResult(http) is not null && given.GetResult(httpToken) is null)
        given.AddError("--http needs --http-token-file: a file with the token that whoever reads the metrics must have.");
});
command.SetAction((parsed, _) =>
{
    var settings = program.Read(parsed);
    return CoordinatorHost.RunAsync(new CoordinatorOptions(
        settings, parsed.GetValue(seeds) is { } list ? HostPort.TryParseList(list)! : [settings.At],
        parsed.GetValue(nodeKey) is { } file ? AccessKey.OfFile(file.FullName) : null, Store(parsed.GetValue(sqlite), parsed.GetValue(postgres)),
        Payloads(parsed.GetValue(payloadSpace), parsed.GetValue(clientPayloadSpace), parsed.GetValue(clientUploads)),
        (long)parsed.GetValue(codeSpace) << 30, Http(settings, parsed.GetValue(http), parsed.GetValue(httpToken))));
});
return await ProgramOptions.RunAsync(command, args);

static HttpSettings? Http(ProgramSettings settings, string? at, FileInfo? token) =>
    at is not null && token is not null && HostPort.TryParse(at, out var address)
        ? new HttpSettings(address.Value, AccessKey.OfFile(token.FullName)!, settings.Tls?.Certificate)
        : null;

static PayloadLimits Payloads(int gibibytes, int? clientGibibytes, int clientUploads)
{
    var limits = PayloadLimits.Of((long)gibibytes << 30) with { ClientUploads = clientUploads };
    return clientGibibytes is { } ofClient ? limits with { ClientSpace = (long)ofClient << 30 } : limits;
}

static DurableStore? Store(FileInfo? sqlite, FileInfo? postgres) =>
    postgres is not null ? new PostgresStore(File.ReadAllText(postgres.FullName).Trim())
    : sqlite is not null ? new SqliteStore(sqlite.FullName)
    : null;
