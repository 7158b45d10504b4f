using System.CommandLine;
using System.CommandLine.Parsing;
using Actors.Remoting.Access;

namespace Actors.Programs;

/// <summary>The command-line options of all programs for keys, certificates and encryption of their connections.</summary>
public sealed class LinkOptions
{
    private readonly Option<FileInfo?> _key = ProgramOptions.KeyFile(
        "--key-file",
        "A file with the key that this program shares with its coordinators. "
            + $"Default: the file that {AccessKey.FileVariable} names; without it, the key of this user on this machine.");

    private readonly Option<DirectoryInfo?> _tls = ProgramOptions.AddCheck(
        new Option<DirectoryInfo?>("--tls")
        {
            Description = "A directory with tls.crt, tls.key and ca.crt: connections are encrypted, and both ends present a certificate. "
                + $"Default: the directory that {TlsIdentity.DirectoryVariable} names; without it, no encryption.",
        },
        directory => ProgramOptions.FindError(() => TlsIdentity.ReadDirectory(directory?.FullName)));

    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Permits unencrypted connections to other machines. Use it only on a trusted network. Default: off, unless "
            + $"{Loopback.InsecureVariable} is 1.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _key, _tls, _insecure })
            command.Options.Add(option);
    }

    /// <summary>Whether this program has a key.</summary>
    public bool HasKey(CommandResult given) => given.GetResult(_key) is not null || AccessKey.ReadFile(null) is not null;

    /// <summary>Sets the environment variables of given options, for a program that is also a client.</summary>
    public void SetVariables(ParseResult parsed)
    {
        if (parsed.GetValue(_key) is { } key)
            Environment.SetEnvironmentVariable(AccessKey.FileVariable, key.FullName);
        if (parsed.GetValue(_tls) is { } tls)
            Environment.SetEnvironmentVariable(TlsIdentity.DirectoryVariable, tls.FullName);
        if (parsed.GetValue(_insecure))
            Environment.SetEnvironmentVariable(Loopback.InsecureVariable, "1");
    }

    /// <summary>Reads the settings from a parsed command line.</summary>
    /// <exception cref="UnusableFileException">A file that an option or a variable names cannot be used.</exception>
    public LinkSettings ReadSettings(ParseResult parsed) => new(
        ReadFiles(() => AccessKey.ReadFile(parsed.GetValue(_key)?.FullName), AccessKey.FileVariable),
        ReadFiles(() => TlsIdentity.ReadDirectory(parsed.GetValue(_tls)?.FullName), TlsIdentity.DirectoryVariable),
        parsed.GetValue(_insecure));

    /// <summary>Reads files. The parser has checked those of options, but not those of variables.</summary>
    private static T ReadFiles<T>(Func<T> read, string variable)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException exception)
        {
            throw new UnusableFileException($"{exception.Message} Check {variable}.", exception);
        }
    }
}
