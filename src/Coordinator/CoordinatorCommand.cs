using System.CommandLine;
using System.CommandLine.Parsing;
using Actors.Coordinator.Http;
using Actors.Coordinator.Payloads;
using Actors.Programs;
using Actors.Programs.Hosting;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Actors.Remoting.Chaos;

namespace Actors.Coordinator;

/// <summary>The command line of a coordinator: its own program, and the command <c>coordinator</c> of the tool.</summary>
public sealed class CoordinatorCommand
{
    /// <summary>The description of the command, for its help.</summary>
    public const string Description = "Runs a coordinator, which owns pools and managed objects. Worker nodes join it.";

    private readonly ProgramOptions _program = new("coordinator.conf", Endpoints.DefaultPort);

    private readonly Option<string?> _seeds = ProgramOptions.AddCheck(
        new Option<string?>("--seeds")
        {
            Description = "The addresses of all coordinators of the cluster, as HOST:PORT,HOST:PORT,..., in the same order on each. Three "
                + "tolerate "
                + "the loss of one. Default: this coordinator alone.",
        },
        list => list is not null && HostPort.TryParseList(list) is null ? "--seeds must be HOST:PORT,HOST:PORT,...." : null);

    private readonly Option<FileInfo?> _nodeKey = ProgramOptions.KeyFile(
        "--node-key-file", "A file with the key of worker nodes. This key does not permit to upload code or submit jobs. Default: the "
            + "clients' key.");

    private readonly StoreOptions _store = new();

    private readonly Option<int> _payloadSpace = ProgramOptions.AddCheck(
        new Option<int>("--payload-space")
        {
            Description = "The disk space, in GiB, for large arguments and results of all clients. From 1 to 1048576.",
            DefaultValueFactory = _ => PayloadLimits.DefaultGibibytes,
        },
        gibibytes => gibibytes is < 1 or > 1 << 20 ? "--payload-space must be from 1 to 1048576." : null);

    private readonly Option<int?> _clientPayloadSpace = ProgramOptions.AddCheck(
        new Option<int?>("--client-payload-space")
        {
            Description = "The disk space, in GiB, for large arguments and results of one client. From 1 to 1048576. Default: half of "
                + "--payload-space.",
        },
        gibibytes => gibibytes is < 1 or > 1 << 20 ? "--client-payload-space must be from 1 to 1048576." : null);

    private readonly Option<int> _clientUploads = ProgramOptions.AddCheck(
        new Option<int>("--client-uploads")
        {
            Description = "The number of concurrent uploads of large arguments by one client. Each of its pools uploads two at a time. "
                + "From 2 to 100000.",
            DefaultValueFactory = _ => PayloadLimits.DefaultUploads,
        },
        uploads => uploads is < 2 or > 100_000 ? "--client-uploads must be from 2 to 100000." : null);

    private readonly Option<int> _codeSpace = ProgramOptions.AddCheck(
        new Option<int>("--code-space")
        {
            Description = "The disk space, in GiB, for the code of all clients. One client adds at most half of it. From 1 to 1048576.",
            DefaultValueFactory = _ => BundleStore.DefaultGibibytes,
        },
        gibibytes => gibibytes is < 1 or > 1 << 20 ? "--code-space must be from 1 to 1048576." : null);

    private readonly Option<int?> _dataPort = ProgramOptions.AddCheck(
        new Option<int?>("--data-port")
        {
            Description = "The port on which large arguments and results travel. From 0 to 65535; 0 is any free port. Default: the setting "
                + "actors.data.port, which is 0.",
        },
        port => port is < 0 or > 65535 ? "--data-port must be from 0 to 65535." : null);

    private readonly Option<string?> _http = ProgramOptions.AddCheck(
        new Option<string?>("--http")
        {
            Description = "The address HOST:PORT of the HTTP endpoints /healthz, /readyz and /metrics. Needs --http-token-file. Default: "
                + "no HTTP.",
        },
        at => at is not null && !HostPort.TryParse(at, out _) ? "--http must be HOST:PORT." : null);

    private readonly Option<FileInfo?> _httpToken = ProgramOptions.KeyFile(
        "--http-token-file", "A file with the bearer token that /metrics requires. Default: none; --http needs one.");

    private readonly Option<bool> _allowChaos = new(ChaosSetup.AllowOption)
    {
        Description = "Permits operators to kill, pause and disconnect this program with the command chaos. For tests only. Default: off.",
    };

    private readonly Option<FileInfo?> _operatorKey = ProgramOptions.KeyFile(
        "--operator-key-file", "A file with the key of operators, for the command chaos. Needs --allow-chaos. Default: none; on the "
            + "loopback address without any key, the user of this program is the operator.");

    private readonly SettingsOption _settings = ProgramConfiguration.CreateOption("Coordinator");

    /// <summary>Adds the options, their checks and the action to a command.</summary>
    public T AddTo<T>(T command)
        where T : Command
    {
        command.Options.Add(_seeds);
        command.Options.Add(_nodeKey);
        _store.AddTo(command);
        foreach (var option in new Option[]
        {
            _payloadSpace, _clientPayloadSpace, _clientUploads, _codeSpace, _dataPort, _http, _httpToken, _allowChaos, _operatorKey,
        })
        {
            command.Options.Add(option);
        }

        _program.AddTo(command);
        command.Options.Add(_settings);
        command.Validators.Add(CheckOptions);
        command.SetAction(RunAsync);
        return command;
    }

    private void CheckOptions(CommandResult given)
    {
        if (given.GetResult(_nodeKey) is not null && !_program.HasKey(given))
            given.AddError("--node-key-file also needs the key of the clients. Add --key-file.");
        if (given.GetResult(_operatorKey) is not null && !given.GetValue(_allowChaos))
            given.AddError("--operator-key-file has no effect without --allow-chaos. Add --allow-chaos, or remove the key.");
        if (given.GetValue(_allowChaos) && given.GetResult(_operatorKey) is null && _program.HasKey(given))
            given.AddError("--allow-chaos with a key for clients needs a key for operators. Add --operator-key-file.");
        if (given.GetResult(_http) is not null && given.GetResult(_httpToken) is null)
            given.AddError("--http needs --http-token-file: a file with the bearer token that /metrics requires.");
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        ProgramHost.RunServicesAsync(
            "actors-coordinator", ProgramConfiguration.ReadConfiguration(parsed.GetValue(_settings)),
            services => services.AddCoordinator(ReadOptions(parsed)), cancellationToken);

    private CoordinatorOptions ReadOptions(ParseResult parsed)
    {
        var settings = _program.ReadSettings(parsed);
        return new CoordinatorOptions(
            settings, parsed.GetValue(_seeds) is { } list ? HostPort.TryParseList(list)! : [settings.Address],
            ReadKey(parsed.GetValue(_nodeKey)), _store.CreateStore(parsed),
            CreatePayloadLimits(parsed.GetValue(_payloadSpace), parsed.GetValue(_clientPayloadSpace), parsed.GetValue(_clientUploads)),
            (long)parsed.GetValue(_codeSpace) << 30, parsed.GetValue(_dataPort),
            CreateHttpSettings(settings, parsed.GetValue(_http), parsed.GetValue(_httpToken)),
            ReadKey(parsed.GetValue(_operatorKey)), parsed.GetValue(_allowChaos), _store.FindExposure(parsed));
    }

    private static AccessKey? ReadKey(FileInfo? file) => file is null ? null : AccessKey.ReadFile(file.FullName);

    private static HttpSettings? CreateHttpSettings(ProgramSettings settings, string? at, FileInfo? token) =>
        at is not null && token is not null && HostPort.TryParse(at, out var address)
            ? new HttpSettings(address.Value, AccessKey.ReadFile(token.FullName)!, settings.Tls?.Certificate)
            : null;

    private static PayloadLimits CreatePayloadLimits(int gibibytes, int? clientGibibytes, int clientUploads)
    {
        var limits = PayloadLimits.FromSpace((long)gibibytes << 30) with { ClientUploads = clientUploads };
        return clientGibibytes is { } ofClient ? limits with { ClientSpace = (long)ofClient << 30 } : limits;
    }
}
