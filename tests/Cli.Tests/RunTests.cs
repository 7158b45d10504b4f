using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using Actors.Cli.Tests.Running;
using Actors.Programs;
using Actors.Remoting.Bundles;
using Actors.Remoting.Chaos;

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

        Assert.Equal((1, "144\n\n196\n"), (run.ExitCode, run.Answer));
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
    [InlineData("'UserFunctions.Numbers.Square(int number)'", "Sqare")]
    [InlineData("'x' is no int for the parameter number. Give it as JSON.", "Square", "x")]
    [InlineData("'UserFunctions.Numbers.Overloaded(int number)', 'UserFunctions.Numbers.Overloaded(string text)'", "Overloaded", "1")]
    public async Task Run_InvalidCall_ExitsWithTwoAndTheRemedy(string message, params string[] call) =>
        (await RunAsync(call)).RequireFailure(ExitCode.InvalidCommandLine, message);

    [Fact]
    public async Task Run_MissingAssembly_FailsWithTheRemedy()
    {
        var run = await Tool.RunAsync("run", "/nonexistent/a.dll", "Square");

        run.RequireFailure(ExitCode.InvalidCommandLine, "Build the project, and pass the .dll file in its output directory.");
    }

    [Fact]
    public async Task Run_FileThatIsNoAssembly_FailsWithTheRemedy()
    {
        var file = TestFiles.GetPath("text.dll");
        await File.WriteAllTextAsync(file, "no assembly");

        (await Tool.RunAsync("run", file, "Square")).RequireFailure(ExitCode.InvalidCommandLine, "Pass the .dll file of a build.");
    }

    [Fact]
    public async Task Run_TypeWithAMissingBase_ExitsWithTwoAndTheRemedy()
    {
        var missing = new PersistedAssemblyBuilder(new AssemblyName("Missing"), typeof(object).Assembly);
        var parent = missing.DefineDynamicModule("Missing").DefineType("Parent", TypeAttributes.Public);
        parent.CreateType();
        var broken = new PersistedAssemblyBuilder(new AssemblyName("Broken"), typeof(object).Assembly);
        broken.DefineDynamicModule("Broken").DefineType("Child", TypeAttributes.Public, parent).CreateType();
        var file = Path.Combine(Directory.CreateDirectory(TestFiles.GetPath("broken")).FullName, "Broken.dll");
        broken.Save(file);

        var run = await Tool.RunProcessAsync([], "run", file, "Square");

        run.RequireFailure(ExitCode.InvalidCommandLine, "with all its dependencies beside it.");
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DependencyFileOfAnotherForm_ExitsWithTwoAndTheRemedy()
    {
        var directory = Directory.CreateDirectory(TestFiles.GetPath("emptydeps")).FullName;
        File.Copy(Assembly, Path.Combine(directory, "UserFunctions.dll"));
        await File.WriteAllTextAsync(Path.Combine(directory, "UserFunctions.deps.json"), "{}");

        (await Tool.RunAsync("run", Path.Combine(directory, "UserFunctions.dll"), "Square"))
            .RequireFailure(ExitCode.InvalidCommandLine, "Build the project again.");
    }

    [Fact]
    public async Task Run_UnusableTemporaryDirectory_FailsWithTheRemedy()
    {
        var run = await Tool.RunProcessAsync(new() { ["TMPDIR"] = "/nonexistent" }, "run", Assembly, "Square", "2");

        run.RequireFailure(ExitCode.Failure, "set TMPDIR to");
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ArgumentWithAnAtSign_IsPassedUnchanged()
    {
        var run = await RunAsync("Greet", "@bob", "Monday", "1");

        Assert.Equal((0, "@bob/Monday\n", ""), (run.ExitCode, run.Answer, run.Errors));
    }

    [Fact]
    public async Task Run_Tuple_IsWrittenWithItsParts()
    {
        var run = await RunAsync("FindRange", "[3,1,2]");

        Assert.Equal((0, "{\"item1\":1,\"item2\":3}\n"), (run.ExitCode, run.Answer));
    }

    [Fact]
    public async Task Run_StoppedAfterAResult_WritesItAndTheNumberOfEndedCalls()
    {
        var lines = TestFiles.GetPath("delays.txt");
        await File.WriteAllTextAsync(lines, "1\n600000\n600000\n");
        using var run = Process.Start(Tool.CreateStart([], "run", Assembly, "WaitAndReturn", "--map", lines, "--processes", "1"))!;
        var errors = run.StandardError.ReadToEndAsync();

        Assert.Equal("1", await run.StandardOutput.ReadLineAsync());
        ChaosSignals.Terminate(run.Id);
        await run.WaitForExitAsync();

        Assert.Equal((ExitCode.Interrupted, ""), (run.ExitCode, await run.StandardOutput.ReadToEndAsync()));
        Assert.StartsWith("1 of 3 calls have ended.\n", await errors, StringComparison.Ordinal);
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
