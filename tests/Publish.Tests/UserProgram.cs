using System.Diagnostics;

namespace Actors.Publish.Tests;

/// <summary>A user's project or file outside the repository that references the client project.</summary>
internal sealed class UserProgram : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            PROPERTIES
          </PropertyGroup>
          <ItemGroup>
            COMPILE
            <ProjectReference Include="CLIENT" />
          </ItemGroup>
        </Project>
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("actors-publish-").FullName;

    private UserProgram()
    {
    }

    private string Output => Path.Combine(_directory, "out");

    private static string Client { get; } = Path.Combine(FindRoot(), "src", "Client", "Client.csproj");

    /// <summary>Creates a C# project.</summary>
    /// <param name="properties">More properties of the project, as XML.</param>
    public static UserProgram CSharp(string properties = "")
    {
        var program = new UserProgram();
        program.Copy("CSharp/Program.cs", "Program.cs");
        program.WriteProject("Program.csproj", properties, compile: "");
        return program;
    }

    /// <summary>Creates an F# project of two files. The last file has the entry point.</summary>
    public static UserProgram FSharp()
    {
        var program = new UserProgram();
        program.Copy("FSharp/Settings.fs", "Settings.fs");
        program.Copy("FSharp/Program.fs", "Program.fs");
        program.WriteProject("Program.fsproj", "", """<Compile Include="Settings.fs" /><Compile Include="Program.fs" />""");
        return program;
    }

    /// <summary>Creates a program of a single C# file.</summary>
    public static UserProgram File()
    {
        var program = new UserProgram();
        program.Copy("CSharp/Program.cs", "app.cs");
        var path = Path.Combine(program._directory, "app.cs");
        System.IO.File.WriteAllText(path, $"#:project {Client}\n{System.IO.File.ReadAllText(path)}");
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
        // Build servers would outlive the test, and the settings of the test host must not apply to the program.
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return RunAsync(info);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<(int ExitCode, string Text)> RunAsync(ProcessStartInfo info)
    {
        info.RedirectStandardOutput = info.RedirectStandardError = true;
        using var process = Process.Start(info)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    private void Copy(string from, string to) => System.IO.File.Copy(
        Path.Combine(AppContext.BaseDirectory, "Programs", from), Path.Combine(_directory, to));

    private void WriteProject(string name, string properties, string compile) => System.IO.File.WriteAllText(
        Path.Combine(_directory, name),
        Project.Replace("PROPERTIES", properties, StringComparison.Ordinal).Replace("COMPILE", compile, StringComparison.Ordinal)
            .Replace("CLIENT", Client, StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
