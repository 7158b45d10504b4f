using Microsoft.Extensions.Configuration;

namespace Actors.Programs.Hosting;

/// <summary>The settings of a program, from a JSON file and the environment.</summary>
public static class ProgramConfiguration
{
    private const string VariablePrefix = "ACTORS_";

    private static readonly string DefaultFile = Path.Combine(AppContext.BaseDirectory, "appsettings.json");

    /// <summary>Creates the option for the file.</summary>
    /// <param name="section">The section with the settings of the program.</param>
    public static SettingsOption CreateOption(string section) => new(
        section, file => ReadConfiguration(file).GetSection(section).AsEnumerable(makePathsRelative: true));

    /// <summary>Reads all settings. Environment variables take precedence.</summary>
    /// <param name="file">The file; null for the one beside the program, if it exists.</param>
    /// <exception cref="InvalidOperationException">The file cannot be read, or a setting is invalid.</exception>
    public static IConfigurationRoot ReadConfiguration(FileInfo? file)
    {
        var builder = new ConfigurationBuilder();
        try
        {
            // Most programs have no file. The code that reads one need not be loaded then.
            if (file is not null || File.Exists(DefaultFile))
                builder.AddJsonFile(file?.FullName ?? DefaultFile, optional: false, reloadOnChange: false);
            builder.AddEnvironmentVariables(VariablePrefix).AddInMemoryCollection(TelemetryExport.ReadVariables());
            var configuration = builder.Build();
            TelemetryExport.CheckEndpoint(configuration);
            return configuration;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"Cannot read the settings {file?.FullName ?? DefaultFile}: {(exception.InnerException ?? exception).Message}", exception);
        }
    }
}
