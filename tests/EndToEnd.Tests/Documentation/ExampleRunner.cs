namespace Actors.EndToEnd.Tests.Documentation;

/// <summary>The entry point of the compiled blocks: runs each, and writes a line about each to a file.</summary>
internal static class ExampleRunner
{
    /// <summary>The source of the entry point. Its first argument is the file, the others are the blocks to run; all without any.</summary>
    /// <param name="blocks">The blocks and their methods.</param>
    public static string Source(IEnumerable<(string Name, string Method)> blocks) => $$"""
        internal static class Program
        {
            public static async Task Main(string[] args)
            {
                foreach (var (name, run) in new (string, Func<Task>)[] { {{string.Join(", ", blocks.Select(block => $"(\"{block.Name}\", {block.Method})"))}} })
                {
                    if (args.Length > 1 && !args.Skip(1).Contains(name))
                        continue;
                    string outcome;
                    try
                    {
                        await run().WaitAsync(TimeSpan.FromSeconds(60));
                        outcome = "ok";
                    }
                    catch (Exception exception)
                    {
                        outcome = exception.ToString().ReplaceLineEndings(" ");
                    }

                    File.AppendAllText(args[0], $"{name}\t{outcome}\n");
                }
            }
        }
        """;
}
