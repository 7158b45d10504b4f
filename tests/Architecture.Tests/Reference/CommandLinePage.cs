using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests.Reference;

/// <summary>The commands and options that the programs print with --help, and the environment variables of the code.</summary>
internal static partial class CommandLinePage
{
    private const string OfExecutors = "ACTORS_EXECUTOR_";

    private static readonly (string Project, string Title, string[] Commands)[] Programs =
    [
        ("Cli", "actors",
        [
            "", "run", "bundle", "doctor", "status", "top", "nodes", "drain", "pools", "jobs", "jobs list", "jobs show", "jobs cancel",
            "jobs retry", "jobs delete", "queues", "locks", "chaos", "completion",
        ]),
        ("Coordinator", "actors coordinator", [""]),
        ("WorkerNode", "actors worker", [""]),
    ];

    public static async Task<ReferencePage> MakeAsync()
    {
        var page = new ReferencePage("command-line", "Command line", "the --help of the programs");
        page.AddParagraph("""
            Install the tool with `dotnet tool install --global Actors.Cli --prerelease`, or run it from the source with
            `dotnet run --project src/Cli -- OPTIONS`. The commands `coordinator` and `worker` are also programs of their own, for images
            and services: `src/Coordinator` and `src/WorkerNode`, with the same options.
            """);
        page.AddTable(["exit code", "meaning"],
        [
            ["0", "The command succeeded."],
            ["1", "The command failed, did not apply to some of its arguments, or found a problem."],
            [
                "2", "The command line is invalid, or a file that it or an environment variable names is missing, cannot be read or "
                    + "has the wrong content: nothing was done. Standard error has a line for each error."
            ],
            ["3", "No coordinator answers, or it refused the connection."],
            ["130", "`run` or `top` was interrupted with Ctrl+C, or another command was interrupted twice."],
        ]);
        page.AddParagraph("""
            An answer goes to standard output, and errors to standard error. With `--json` the answer is JSON on one line.
            """);
        foreach (var (project, title, commands) in Programs)
        {
            foreach (var command in commands)
                Add(page, $"{title} {command}".Trim(), await HelpOfAsync(project, command));
        }

        page.AddHeading("Executor");
        page.AddParagraph("""
            The program of a worker, `src/Executor`, has no options. Only a worker node or a client starts it; started by hand it ends with
            exit code 64.
            """);
        var variables = Variables().ToList();
        page.AddHeading("Environment variables");
        page.AddParagraph("""
            Coordinators, worker nodes and clients read these variables. An option on the command line overrides its variable.
            """);
        page.AddTable(["variable", "meaning"], [.. variables.Where(row => !row[0].Contains(OfExecutors, StringComparison.Ordinal))]);
        page.AddParagraph("A worker node sets these variables for its workers. Do not set them yourself.");
        page.AddTable(["variable", "meaning"], [.. variables.Where(row => row[0].Contains(OfExecutors, StringComparison.Ordinal))]);
        return page;
    }

    private static void Add(ReferencePage page, string title, string help)
    {
        page.AddHeading(title);
        page.AddParagraph(Section(help, "Description").Trim());
        page.AddTable(["argument", "meaning"], [.. Entries(help, "Arguments").Select(entry => new[] { $"`{entry.Name}`", entry.Text })]);
        page.AddTable(["option", "default", "meaning"], [.. Entries(help, "Options").Select(entry => OptionRow(entry.Name, entry.Text))]);
        page.AddTable(["command", "meaning"], [.. Entries(help, "Commands").Select(entry => new[] { $"`{entry.Name}`", entry.Text })]);
    }

    /// <summary>The default is in brackets when the parser knows it, and otherwise in words.</summary>
    private static string[] OptionRow(string name, string text)
    {
        var known = KnownDefault().Match(text);
        var told = ToldDefault().Match(text);
        var byDefault = name.Contains("(REQUIRED)", StringComparison.Ordinal) ? "required"
            : known.Success ? $"`{known.Groups[1]}`"
            : told.Groups[1].Value;
        var meaning = ToldDefault().Replace(KnownDefault().Replace(text, ""), "").Trim();
        return [$"`{ValueName().Replace(name, "$1")}`", byDefault.Replace('\\', '/'), meaning];
    }

    private static IEnumerable<(string Name, string Text)> Entries(string help, string section) =>
        Entry().Matches(Section(help, section)).Select(entry => (entry.Groups["name"].Value, entry.Groups["text"].Value.Trim()));

    private static string Section(string help, string name) =>
        help.Split($"{name}:\n", 2) is [_, var rest] ? rest.Split("\n\n")[0] : "";

    private static async Task<string> HelpOfAsync(string project, string command)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, $"Actors.{project}.dll");
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo("dotnet", [assembly, .. words, "--help"]) { RedirectStandardOutput = true };
        // The default of --cache, without the name of this machine's user.
        start.Environment["XDG_CACHE_HOME"] = "~/.cache";
        using var program = Process.Start(start)!;
        var help = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.Equal(0, program.ExitCode);
        return help.ReplaceLineEndings("\n");
    }

    private static IEnumerable<string[]> Variables() =>
        from path in Directory.GetFiles(AppContext.BaseDirectory, "Actors*.dll")
        where File.Exists(Path.ChangeExtension(path, ".xml"))
        let assembly = Assembly.LoadFrom(path)
        let docs = XmlDocs.For(assembly)
        from type in assembly.GetTypes()
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.IsLiteral && field.GetRawConstantValue() is string value && value.StartsWith("ACTORS_", StringComparison.Ordinal)
            // A prefix of variables is not a variable.
            && !value.EndsWith('_')
        orderby field.GetRawConstantValue()
        select new[]
        {
            $"`{field.GetRawConstantValue()}`", docs.SummaryOf(field).Replace("Environment variable: the", "The", StringComparison.Ordinal)
                .Replace("Environment variable: ", "", StringComparison.Ordinal),
        };

    [GeneratedRegex(@"^  (?<name>\S.*?)  +(?<text>\S.*)$", RegexOptions.Multiline)]
    private static partial Regex Entry();

    /// <summary>The name of a value that repeats that of its option.</summary>
    [GeneratedRegex(@"(--(\S+)) <\2>( \(REQUIRED\))?")]
    private static partial Regex ValueName();

    [GeneratedRegex(@" ?\[default: (.*)\]")]
    private static partial Regex KnownDefault();

    [GeneratedRegex(@" ?Default: (.*)\.$")]
    private static partial Regex ToldDefault();
}
