// Counts the words of a folder of text files over a pool of worker processes.
using System.CommandLine;
using WordCount;

var folder = new Argument<DirectoryInfo>("FOLDER")
{
    Description = "The folder whose files are counted, including subfolders. Default: the licenses and XML documentation of the installed "
        + "SDK.",
    DefaultValueFactory = _ => SdkTexts.Folder,
};
var processes = new Option<int>("--processes")
{
    Description = "The number of worker processes.",
    DefaultValueFactory = _ => Environment.ProcessorCount
};
var connect = new Option<string?>("--connect") { Description = "HOST:PORT of a coordinator. Default: the processes run on this machine." };
var kill = new Option<bool>("--kill") { Description = "Kills a worker process while it counts; the counts stay the same." };
var json = new Option<bool>("--json") { Description = "Prints only the counts, as JSON, to standard output." };

var command = new RootCommand("Counts words with a pool of processes.") { folder, processes, connect, kill, json };
// Validators see the text of the argument, before it is converted.
folder.Validators.Add(result =>
{
    if (result.Tokens is [var written] && !Directory.Exists(written.Value))
        result.AddError($"There is no folder {written.Value}.");
});
processes.Validators.Add(result =>
{
    if (result.Tokens is [var written] && !(int.TryParse(written.Value, out var count) && count > 0))
        result.AddError("--processes must be a number of at least 1.");
});
command.SetAction((parsed, cancellationToken) => new Job(
    parsed.GetValue(folder)!, parsed.GetValue(processes), parsed.GetValue(connect), parsed.GetValue(kill), parsed.GetValue(json))
    .RunAsync(cancellationToken));
var line = command.Parse(args);
if (line.Errors.Count == 0)
    return await line.InvokeAsync();
// Prints no help: help goes to standard output, which is reserved for the counts.
await Console.Error.WriteLineAsync(string.Join(' ', line.Errors.Select(error => error.Message)));
return 2;
