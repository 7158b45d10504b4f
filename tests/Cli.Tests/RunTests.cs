using System.Globalization;
using Actors.Cli.Tests.Running;
using Actors.Programs;
using Actors.Remoting.Bundles;

namespace Actors.Cli.Tests;

/// <summary>The command <c>run</c> with an assembly of a user, in real workers.</summary>
public sealed class RunTests
{
    private static readonly string Assembly = Path.Combine(
        AppContext.BaseDirectory.Replace("Cli.Tests", "Cli.Functions", StringComparison.Ordinal), "UserFunctions.dll");

    [Fact]
    public async Task Run_MethodThatUsesAPackage_RunsInAWorker()
    {
        var run = await RunAsync("UserFunctions.Numbers.PackageAndProcess");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.NotEqual(Environment.ProcessId, int.Parse(run.Answer, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Run_Map_WritesResultsInTheOrderOfLinesAndReportsFailures()
    {
        var lines = TestFiles.GetPath("lines.txt");
        await File.WriteAllTextAsync(lines, "12\n13\n14\n");

        var run = await RunAsync("Square", "--map", lines);

        Assert.Equal((1, "144\n196\n"), (run.ExitCode, run.Answer));
        Assert.Contains("Square failed in line 2: ArgumentException: unlucky", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Json_WritesOneObjectAndSendsOutputToStandardError()
    {
        var run = await RunAsync("WaitAsync", "1", "--json");

        Assert.Equal("""{"results":[null],"failures":[]}""", run.Answer.TrimEnd());
        Assert.Matches(@"^waits in \d+\n$", run.Errors);
    }

    [Fact]
    public async Task Run_CallOverItsTimeLimit_Fails()
    {
        var run = await RunAsync("WaitAsync", "60000", "--job-timeout", "0.2");

        run.RequireFailure(ExitCode.Failure, "JobTimedOutException");
    }

    [Theory]
    [InlineData("It has: UserFunctions.Numbers.Greet(String name, DayOfWeek day, Int32 times)", "Cube")]
    [InlineData("'x' is no Int32 for the parameter number. Give it as JSON.", "Square", "x")]
    public async Task Run_InvalidCall_ExitsWithTwoAndTheRemedy(string message, params string[] call) =>
        (await RunAsync(call)).RequireFailure(ExitCode.InvalidCommandLine, message);

    [Fact]
    public async Task Run_MissingAssembly_FailsWithTheRemedy()
    {
        var run = await Tool.RunAsync("run", "/nonexistent/a.dll", "Square");

        run.RequireFailure(ExitCode.Failure, "Build the project, and pass the .dll file in its output directory.");
    }

    [Fact]
    public async Task Run_FileThatIsNoAssembly_FailsWithTheRemedy()
    {
        var file = TestFiles.GetPath("text.dll");
        await File.WriteAllTextAsync(file, "no assembly");

        (await Tool.RunAsync("run", file, "Square")).RequireFailure(ExitCode.Failure, "Pass the .dll file of a build.");
    }

    [Fact]
    public async Task Bundle_LibraryOfAUser_ListsItWithItsPackageAndTheHashOfTheWhole()
    {
        var bundle = (await Tool.RunAsync("bundle", Assembly, "--json")).ReadJson();

        var files = bundle.GetProperty("files").EnumerateArray().ToDictionary(file => file.GetProperty("path").GetString()!);
        Assert.Superset(new HashSet<string> { "UserFunctions.dll", "CsCheck.dll", "Actors.Executor.dll" }, files.Keys.ToHashSet());
        Assert.Equal(new FileInfo(Assembly).Length, files["UserFunctions.dll"].GetProperty("length").GetInt64());
        Assert.Equal(files.Values.Sum(file => file.GetProperty("length").GetInt64()), bundle.GetProperty("length").GetInt64());
        Assert.Matches("^[0-9a-f]{64}$", bundle.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Bundle_ProgramWithAPool_HasTheIdThatItsJobsHave()
    {
        var own = typeof(RunTests).Assembly.Location;

        var bundle = (await Tool.RunAsync("bundle", own, "--json")).ReadJson();

        var sent = BundleBuilder.BuildForThisProcess(BundledFiles.Find(new PoolOptions().Files)).Manifest.ComputeId();
        Assert.Equal($"{sent}", bundle.GetProperty("id").GetString());
    }

    private static Task<ToolRun> RunAsync(params string[] call) => Tool.RunProcessAsync([], ["run", Assembly, .. call]);
}
