using System.CommandLine;
using System.CommandLine.Parsing;
using Actors.Programs;
using Actors.Remoting.Access;

namespace Actors.Coordinator;

/// <summary>The options of a coordinator for the store of durable pools and queues.</summary>
internal sealed class StoreOptions
{
    private readonly Option<FileInfo?> _sqlite = new("--store")
    {
        Description = "The SQLite file that stores durable pools and queues; created if it does not exist. Default: no store.",
    };

    private readonly Option<FileInfo?> _postgres = ProgramOptions.ExistingFile(
        "--postgres-file", "A file with the connection string of the PostgreSQL database that stores durable pools and queues. Default: no "
            + "store.");

    private readonly Option<FileInfo?> _assembly = ProgramOptions.ExistingFile(
        "--store-assembly", "An assembly with one public class that derives from DurableStore: the store of durable pools and queues. Its "
            + "code runs in this program. Default: no store.");

    private readonly Option<FileInfo?> _settings = ProgramOptions.ExistingFile(
        "--store-settings-file", "A file whose text the constructor of that class gets, such as a connection string. Default: none; the "
            + "constructor has no parameters.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _sqlite, _postgres, _assembly, _settings })
            command.Options.Add(option);
        command.Validators.Add(CheckOptions);
    }

    /// <summary>Creates the store that a parsed command line names; null for none.</summary>
    /// <exception cref="UnusableFileException">A file has no valid connection string, or no store class.</exception>
    public DurableStore? CreateStore(ParseResult parsed) =>
        parsed.GetValue(_assembly) is { } assembly ? CreateOwnStore(assembly, parsed.GetValue(_settings))
        : parsed.GetValue(_postgres) is { } postgres ? CreatePostgresStore(postgres.FullName)
        : parsed.GetValue(_sqlite) is { } sqlite ? new SqliteStore(sqlite.FullName)
        : null;

    /// <summary>Finds the warning about the file with the settings of the store, which may hold a password; null for none.</summary>
    public string? FindExposure(ParseResult parsed) =>
        (parsed.GetValue(_postgres) ?? parsed.GetValue(_settings)) is { } file ? SecretFile.FindExposure(file.FullName) : null;

    private void CheckOptions(CommandResult given)
    {
        if (new Option[] { _sqlite, _postgres, _assembly }.Count(store => given.GetResult(store) is not null) > 1)
            given.AddError("--store, --postgres-file and --store-assembly exclude each other. Choose one store for durable pools.");
        if (given.GetResult(_settings) is not null && given.GetResult(_assembly) is null)
            given.AddError("--store-settings-file has no effect without --store-assembly. Add --store-assembly, or remove the file.");
    }

    private static DurableStore CreateOwnStore(FileInfo assembly, FileInfo? settings) =>
        StoreAssembly.CreateStore(assembly.FullName, settings is null ? null : File.ReadAllText(settings.FullName).Trim());

    private static PostgresStore CreatePostgresStore(string file)
    {
        try
        {
            return new PostgresStore(File.ReadAllText(file).Trim());
        }
        catch (ArgumentException exception)
        {
            // The message of the exception may contain the password.
            throw new UnusableFileException(
                $"The file {file} has no valid connection string. Write Host=…;Username=…;Password=…;Database=….", exception);
        }
    }
}
