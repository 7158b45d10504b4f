using System.Diagnostics;

namespace Actors.Publish.Tests;

/// <summary>A user's project or file outside the repository that references the client project, or the packages of a feed.</summary>
internal sealed class UserProgram : IDisposable
{
    private const string Project = """
        <Project Sdk="SDKNAME">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <NuGetAudit>false</NuGetAudit>
            PROPERTIES
          </PropertyGroup>
          <ItemGroup>
            ITEMS
          </ItemGroup>
        </Project>
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("actors-publish-").FullName;
    private readonly LocalFeed? _feed;
    private readonly string _package;

    private UserProgram(LocalFeed? feed, string package = "Actors")
    {
        (_feed, _package) = (feed, package);
        feed?.WriteConfiguration(_directory);
    }

    /// <summary>Gets the root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    private static string Client { get; } = Path.Combine(Root, "src", "Client", "Client.csproj");

    private string Output => Path.Combine(_directory, "out");

    private string Reference => _feed is null
        ? $"""<ProjectReference Include="{Client}" />"""
        : $"""<PackageReference Include="{_package}" Version="{_feed.Version}" />""";

    /// <summary>Creates a C# project.</summary>
    /// <param name="properties">More properties of the project, as XML.</param>
    /// <param name="feed">The feed of the packages; null to reference the client project.</param>
    public static UserProgram CSharp(string properties = "", LocalFeed? feed = null)
    {
        var program = new UserProgram(feed);
        program.Copy("CSharp/Program.cs", "Program.cs");
        program.WriteProject("Program.csproj", properties);
        return program;
    }

    /// <summary>Creates a project of an SDK that references one package of the feed, and other packages.</summary>
    /// <param name="feed">The feed of the packages.</param>
    /// <param name="source">The source file.</param>
    /// <param name="sdk">The SDK of the project.</param>
    /// <param name="properties">More properties of the project, as XML.</param>
    /// <param name="items">More items of the project, as XML.</param>
    /// <param name="package">The package of the feed.</param>
    public static UserProgram OfSdk(
        LocalFeed feed, string source, string sdk, string properties = "", string items = "", string package = "Actors")
    {
        var program = new UserProgram(feed, package);
        program.Copy(source, Path.GetFileName(source));
        program.WriteProject("Program.csproj", properties, items, sdk);
        return program;
    }

    /// <summary>Creates an F# project of two files. The last file has the entry point.</summary>
    /// <param name="feed">The feed of the packages; null to reference the client project.</param>
    public static UserProgram FSharp(LocalFeed? feed = null)
    {
        var program = new UserProgram(feed);
        program.Copy("FSharp/Settings.fs", "Settings.fs");
        program.Copy("FSharp/Program.fs", "Program.fs");
        program.WriteProject("Program.fsproj", "", """<Compile Include="Settings.fs" /><Compile Include="Program.fs" />""");
        return program;
    }

    /// <summary>Creates an F# project of three files, whose last file has a function that is marked as the entry point.</summary>
    /// <param name="properties">More properties of the project, as XML.</param>
    public static UserProgram FSharpWithEntryPoint(string properties)
    {
        string[] files = ["Settings.fs", "Prices.fs", "Program.fs"];
        var program = new UserProgram(null);
        foreach (var file in files)
            program.Copy($"FSharpEntry/{file}", file);
        program.WriteProject("Program.fsproj", properties, string.Concat(files.Select(file => $"""<Compile Include="{file}" />""")));
        return program;
    }

    /// <summary>Creates a program of a single C# file.</summary>
    /// <param name="feed">The feed of the packages; null to reference the client project.</param>
    public static UserProgram File(LocalFeed? feed = null)
    {
        var program = new UserProgram(feed);
        program.Copy("CSharp/Program.cs", "app.cs");
        var path = Path.Combine(program._directory, "app.cs");
        var directive = feed is null ? $"#:project {Client}" : $"#:package Actors@{feed.Version}";
        System.IO.File.WriteAllText(path, $"{directive}\n{System.IO.File.ReadAllText(path)}");
        return program;
    }

    /// <summary>Publishes the program.</summary>
    public Task<(int ExitCode, string Text)> PublishAsync(params string[] arguments) =>
        DotNetAsync(["publish", "-o", Output, "-v", "q", .. arguments]);

    /// <summary>Runs the published program with an environment that hides the installed .NET.</summary>
    public Task<(int ExitCode, string Text)> RunWithoutDotNetAsync()
    {
        var info = new ProcessStartInfo(Path.Combine(Output, "Program"));
        info.Environment.Clear();
        info.Environment["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        info.Environment["PATH"] = info.Environment["DOTNET_ROOT"] = "/nonexistent";
        return RunAsync(info);
    }

    /// <summary>Runs the published program.</summary>
    public Task<(int ExitCode, string Text)> RunPublishedAsync() => RunAsync(new ProcessStartInfo(Path.Combine(Output, "Program")));

    /// <summary>Runs <c>dotnet</c> in the directory of the program.</summary>
    public Task<(int ExitCode, string Text)> DotNetAsync(params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _directory };
        if (_feed is not null)
            info.Environment["NUGET_PACKAGES"] = _feed.Extracted;
        return RunAsync(info);
    }

    /// <summary>Runs the tool that was installed in the folder <c>tool</c>.</summary>
    public Task<(int ExitCode, string Text)> RunToolAsync(params string[] arguments) =>
        RunAsync(new ProcessStartInfo(Path.Combine(_directory, "tool", "actors"), arguments) { WorkingDirectory = _directory });

    /// <summary>Runs a process to its end.</summary>
    public static async Task<(int ExitCode, string Text)> RunAsync(ProcessStartInfo info)
    {
        // Build servers would outlive the test.
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        info.RedirectStandardOutput = info.RedirectStandardError = true;
        using var process = Process.Start(info)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Copy(string from, string to) => System.IO.File.Copy(
        Path.Combine(AppContext.BaseDirectory, "Programs", from), Path.Combine(_directory, to));

    private void WriteProject(string name, string properties, string items = "", string sdk = "Microsoft.NET.Sdk") =>
        System.IO.File.WriteAllText(
            Path.Combine(_directory, name),
            Project.Replace("SDKNAME", sdk, StringComparison.Ordinal).Replace("PROPERTIES", properties, StringComparison.Ordinal)
                .Replace("ITEMS", Reference + items, StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
