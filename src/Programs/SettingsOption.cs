using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Actors.Programs;

/// <summary>
/// The option that names a file with settings. A setting is the value of an option of the same command that is not on the command line:
/// it is parsed and checked like one.
/// </summary>
public sealed class SettingsOption : Option<FileInfo?>
{
    /// <summary>An argument such as @name is a text, not a file with arguments.</summary>
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private readonly string _section;
    private readonly Func<FileInfo?, IEnumerable<KeyValuePair<string, string?>>> _readSettings;

    /// <param name="section">The section of the settings, which messages name.</param>
    /// <param name="readSettings">
    /// Reads the settings of the section from a file, null for the default, and from the environment. The parts of a name are separated by
    /// colons.
    /// </param>
    public SettingsOption(string section, Func<FileInfo?, IEnumerable<KeyValuePair<string, string?>>> readSettings)
        : base("--settings")
    {
        (_section, _readSettings) = (section, readSettings);
        Description = $"A JSON file with a section {section}, whose settings have the names of these options, such as Port. The command "
            + $"line and variables such as ACTORS_{section.ToUpperInvariant()}__PORT override it. Default: appsettings.json beside the "
            + "program, if it exists.";
        Validators.Add(given =>
        {
            if (FindFile(given) is { Exists: false } missing)
                given.AddError($"There is no file {missing.FullName}.");
        });
    }

    /// <summary>Parses a command line together with the settings for the options that it lacks.</summary>
    /// <exception cref="InvalidOperationException">A setting is unknown, or the file cannot be read.</exception>
    public static ParseResult ParseWithSettings(Command root, IReadOnlyList<string> args)
    {
        var parsed = root.Parse(args, Parsing);
        var settings = parsed.CommandResult.Command.Options.OfType<SettingsOption>().FirstOrDefault();
        return settings is null || parsed.Action is HelpAction ? parsed
            : root.Parse([.. args, .. settings.FindArguments(parsed)], Parsing);
    }

    private IEnumerable<string> FindArguments(ParseResult parsed)
    {
        var file = parsed.GetResult(this) is { } given ? FindFile(given) : null;
        if (file is { Exists: false })
            yield break;
        foreach (var (key, value) in _readSettings(file))
        {
            var option = FindOption(parsed.CommandResult.Command, key);
            if (value is null || parsed.GetResult(option) is { Implicit: false })
                continue;
            yield return option.Name;
            yield return value;
        }
    }

    private Option FindOption(Command command, string key)
    {
        var options = command.Options.Where(option => option is not (SettingsOption or HelpOption or VersionOption)).ToList();
        return options.FirstOrDefault(option => ToName(option).Equals(key.Split(':')[0], StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException(
                $"Unknown setting {_section}:{key}. The settings are "
                + $"{string.Join(", ", options.Select(ToName).Order(StringComparer.Ordinal))}.");
    }

    private static FileInfo? FindFile(OptionResult given) => given.Tokens is [{ Value: var path }] ? new FileInfo(path) : null;

    /// <summary>Gets the name of a setting: <c>--key-file</c> is <c>KeyFile</c>.</summary>
    private static string ToName(Option option) => string.Concat(
        option.Name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
